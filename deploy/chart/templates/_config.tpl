{{/* The configuration file, completed by what other values already say. */}}
{{- define "imagepull.config" -}}
{{- $config := deepCopy .Values.config }}
{{- if not $config.clusters }}
{{- $secrets := ternary "read" "none" .Values.rbac.secrets.enabled }}
{{- $_ := set $config "clusters" (list (dict "name" .Values.cluster.name "namespaces" .Values.rbac.namespaces "secrets" $secrets)) }}
{{- end }}
{{- if .Values.gitSync.enabled }}
{{- $_ := set $config "gitops" (merge ($config.gitops | default dict) (dict "directory" "/gitops/checkout")) }}
{{- end }}
{{- if .Values.nodeProbe.enabled }}
{{- if not .Values.image.digest }}{{ fail "nodeProbe needs image.digest: the policy admits only images with a digest." }}{{ end }}
{{- $probe := dict "enabled" true "image" (include "imagepull.image" .) "namespace" .Values.nodeProbe.namespace }}
{{- $actions := $config.actions | default dict }}
{{- $_ := set $config "actions" (merge $actions (dict "testFromNode" $probe)) }}
{{- end }}
{{- toYaml $config }}
{{- end }}

{{/* Says what contradicts itself, in words. */}}
{{- define "imagepull.check" -}}
{{- if and .Values.accountOnly (not .Values.serviceAccount.create) }}{{ fail "accountOnly makes a ServiceAccount: set serviceAccount.create to true." }}{{ end }}
{{- if not .Values.accountOnly }}
{{- $secret := .Values.secret }}
{{- $ways := 0 }}
{{- if $secret.existing }}{{ $ways = add1 $ways }}{{ end }}
{{- if $secret.values }}{{ $ways = add1 $ways }}{{ end }}
{{- if $secret.external.enabled }}{{ $ways = add1 $ways }}{{ end }}
{{- if eq (int $ways) 0 }}{{ fail "Tokens are missing: set secret.existing to a Secret with SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or secret.values, or secret.external." }}{{ end }}
{{- if gt (int $ways) 1 }}{{ fail "Set only one of secret.existing, secret.values and secret.external." }}{{ end }}
{{- with $secret.values }}
{{- if not .SLACK_BOT_TOKEN }}{{ fail "secret.values needs SLACK_BOT_TOKEN, which begins with xoxb-." }}{{ end }}
{{- if not (or .SLACK_APP_TOKEN .SLACK_SIGNING_SECRET) }}{{ fail "secret.values needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)." }}{{ end }}
{{- if and $.Values.redis.enabled (not (or $.Values.redis.url .REDIS_URL $.Values.environment.REDIS_URL)) }}{{ fail "redis.enabled needs redis.url, or REDIS_URL in the Secret." }}{{ end }}
{{- end }}
{{- if and .Values.redis.url (not .Values.redis.enabled) }}{{ fail "redis.url has no effect without redis.enabled: true." }}{{ end }}
{{- if and $secret.external.enabled (not (and $secret.external.storeName $secret.external.key)) }}{{ fail "secret.external needs storeName and key." }}{{ end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) }}{{ fail "ingress.enabled needs ingress.host." }}{{ end }}
{{- if and .Values.gitSync.enabled (not .Values.gitSync.repository) }}{{ fail "gitSync.enabled needs gitSync.repository." }}{{ end }}
{{- end }}
{{- end }}
