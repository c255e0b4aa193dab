{{/* One Deployment. Takes a dict: root, role (all, web, worker), suffix of the name, replicas, resources. */}}
{{- define "imagepull.deployment" -}}
{{- $root := .root }}
{{- with $root }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "imagepull.fullname" . }}{{ $.suffix }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "imagepull.labels" . | nindent 4 }}
    app.kubernetes.io/component: {{ $.role }}
spec:
  replicas: {{ $.replicas }}
  strategy:
    {{- if eq $.role "all" }}
    type: Recreate # only one process may have the volume
    {{- else }}
    type: RollingUpdate
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
    {{- end }}
  selector:
    matchLabels:
      {{- include "imagepull.selector" . | nindent 6 }}
      app.kubernetes.io/component: {{ $.role }}
  template:
    metadata:
      labels:
        {{- include "imagepull.selector" . | nindent 8 }}
        app.kubernetes.io/component: {{ $.role }}
        imagepull.dev/serves: metrics
        {{- with .Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        kubectl.kubernetes.io/default-container: imagepull
        imagepull.dev/config: {{ include "imagepull.config" . | sha256sum }}
        {{- with .Values.secret.values }}
        imagepull.dev/secret: {{ toYaml . | sha256sum }}
        {{- end }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "imagepull.scheduling" . | nindent 6 }}
      {{- with .Values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if gt (int $.replicas) 1 }}
      topologySpreadConstraints:
        {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
        - topologyKey: {{ $key }}
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "imagepull.selector" $root | nindent 14 }}
              app.kubernetes.io/component: {{ $.role }}
        {{- end }}
      {{- end }}
      terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
      containers:
        - name: imagepull
          image: {{ include "imagepull.image" . }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          args: [start, --role, {{ $.role }}]
          {{- include "imagepull.environment" . | nindent 10 }}
          ports:
            - { name: http, containerPort: {{ .Values.service.port }} }
          startupProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /readyz, port: http }
            periodSeconds: 5
            timeoutSeconds: 5
          {{- if and (eq $.role "web") (semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version) }}
          lifecycle:
            preStop: { sleep: { seconds: 5 } } # until no Service sends requests here
          {{- end }}
          resources:
            {{- toYaml $.resources | nindent 12 }}
          securityContext:
            {{- include "imagepull.containerSecurity" . | nindent 12 }}
          volumeMounts:
            {{- include "imagepull.mounts" . | nindent 12 }}
        {{- if and .Values.gitSync.enabled (ne $.role "web") }}
        {{- include "imagepull.gitSync" . | nindent 8 }}
        {{- end }}
      volumes:
        {{- include "imagepull.volumes" . | nindent 8 }}
{{- end }}
{{- end }}
