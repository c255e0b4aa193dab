{{/* A role and its binding. Takes a dict: root, role, rules (text), namespaces (empty: the whole cluster). */}}
{{- define "imagepull.grant" -}}
{{- $name := printf "%s-%s" (include "imagepull.fullname" .root) .role }}
{{- $places := .namespaces | default (list "") }}
{{- range $namespace := $places }}
{{- $kind := ternary "Role" "ClusterRole" (ne $namespace "") }}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}
metadata:
  name: {{ $name }}
  {{- if $namespace }}
  namespace: {{ $namespace }}
  {{- end }}
  labels:
    {{- include "imagepull.labels" $.root | nindent 4 }}
rules:
  {{- $.rules | nindent 2 }}
{{- if $.root.Values.rbac.bind }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}Binding
metadata:
  name: {{ $name }}
  {{- if $namespace }}
  namespace: {{ $namespace }}
  {{- end }}
  labels:
    {{- include "imagepull.labels" $.root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ $kind }}
  name: {{ $name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "imagepull.serviceAccount" $.root }}
    namespace: {{ $.root.Release.Namespace }}
{{- end }}
---
{{ end }}
{{- end }}

{{/*
The namespaces of a grant that several switches share, as JSON: of those that are on. Takes a dict: root, switches. Empty
text: none is on.
*/}}
{{- define "imagepull.places" -}}
{{- $places := list }}
{{- $everywhere := false }}
{{- $on := false }}
{{- range .switches }}
{{- if .enabled }}
{{- $on = true }}
{{- $own := .namespaces | default $.root.Values.rbac.namespaces }}
{{- if not $own }}{{ $everywhere = true }}{{ end }}
{{- $places = concat $places $own }}
{{- end }}
{{- end }}
{{- if $on }}{{ dict "namespaces" (ternary (list) (uniq $places) $everywhere) | toJson }}{{ end }}
{{- end }}
