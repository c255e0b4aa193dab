{{/* The container's environment. The variables that the chart sets win over those of the Secret. */}}
{{- define "imagepull.environment" -}}
envFrom:
  - secretRef:
      name: {{ include "imagepull.secret" . }}
env:
  - { name: IMAGEPULL_CONFIG, value: /etc/imagepull/config.yaml }
  - { name: IMAGEPULL_DATA_DIR, value: /data/imagepull }
  - { name: HOME, value: /tmp }
  - { name: PORT, value: {{ .Values.service.port | quote }} }
  {{- if .Values.redis.url }}
  - { name: REDIS_URL, value: {{ .Values.redis.url | quote }} }
  {{- end }}
  {{- if .Values.kubeconfig.secret }}
  - { name: KUBECONFIG, value: "/etc/imagepull/kubeconfig.yaml:/etc/imagepull-kubeconfig/config" }
  {{- end }}
  {{- range $name, $value := .Values.environment }}
  - { name: {{ $name }}, value: {{ $value | toString | quote }} }
  {{- end }}
{{- end }}

{{- define "imagepull.mounts" -}}
- { name: config, mountPath: /etc/imagepull, readOnly: true }
- { name: tmp, mountPath: /tmp }
{{- if not .Values.redis.enabled }}
- { name: data, mountPath: /data }
{{- end }}
{{- if .Values.kubeconfig.secret }}
- { name: kubeconfig, mountPath: /etc/imagepull-kubeconfig, readOnly: true }
{{- end }}
{{- if .Values.gitSync.enabled }}
- { name: gitops, mountPath: /gitops, readOnly: true }
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "imagepull.volumes" -}}
- name: config
  configMap: { name: {{ include "imagepull.fullname" . }} }
- name: tmp
  emptyDir: { sizeLimit: 256Mi }
{{- if not .Values.redis.enabled }}
- name: data
  persistentVolumeClaim: { claimName: {{ include "imagepull.claim" . }} }
{{- end }}
{{- if .Values.kubeconfig.secret }}
- name: kubeconfig
  secret: { secretName: {{ .Values.kubeconfig.secret }} }
{{- end }}
{{- if .Values.gitSync.enabled }}
- name: gitops
  emptyDir: {}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "imagepull.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities: { drop: [ALL] }
readOnlyRootFilesystem: true
{{- end }}

{{- define "imagepull.gitSync" -}}
- name: git-sync
  image: {{ .Values.gitSync.image }}
  args:
    - --repo={{ .Values.gitSync.repository }}
    - --ref={{ .Values.gitSync.ref }}
    - --root=/gitops
    - --link=checkout
    - --depth=1
    - --period={{ .Values.gitSync.period }}
  env:
    - { name: HOME, value: /tmp }
    {{- if .Values.gitSync.secret }}
    - name: GITSYNC_USERNAME
      valueFrom: { secretKeyRef: { name: {{ .Values.gitSync.secret }}, key: username } }
    - name: GITSYNC_PASSWORD
      valueFrom: { secretKeyRef: { name: {{ .Values.gitSync.secret }}, key: password } }
    {{- end }}
  securityContext:
    {{- include "imagepull.containerSecurity" . | nindent 4 }}
  resources:
    {{- toYaml .Values.gitSync.resources | nindent 4 }}
  volumeMounts:
    - { name: gitops, mountPath: /gitops }
    - { name: tmp, mountPath: /tmp, subPath: git-sync }
{{- end }}

{{- define "imagepull.scheduling" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
serviceAccountName: {{ include "imagepull.serviceAccount" . }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- end }}
