{{/* What is read in namespaces. */}}
{{- define "imagepull.rules.readonly" -}}
# The target, its events, and the pods of builds and registries.
- apiGroups: [""]
  resources: [pods, events, serviceaccounts, services, replicationcontrollers]
  verbs: [get, list]
# A pull that fails, or heals, is noticed at once. Without it, imagepull notices it at its regular check.
- apiGroups: [""]
  resources: [pods]
  verbs: [watch]
{{- if .Values.rbac.podLogs }}
# The last lines of a failed build and of a crashed container. It allows reading the log of every pod. Without it, imagepull
# cannot say why a build failed.
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
{{- end }}
# Owners and their earlier revisions.
- apiGroups: [apps]
  resources: [deployments, replicasets, statefulsets, daemonsets, controllerrevisions]
  verbs: [get, list]
# Builds.
- apiGroups: [batch]
  resources: [jobs, cronjobs]
  verbs: [get, list]
# Variables and scripts of builds whose destination is in a ConfigMap.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get]
# The network path to a registry in the cluster.
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list]
{{- if .Values.rbac.serviceProxy }}
# Reaches a registry in the cluster through the API server if there is no direct route (--registry-access auto or proxy). It
# allows GET requests to every Service and bypasses NetworkPolicies. Remove this rule if that is too much, or if imagepull
# runs in the cluster and reaches its registries directly.
- apiGroups: [""]
  resources: [services/proxy]
  verbs: [get]
{{- end }}
{{- end }}

{{/* What is read and belongs to no namespace. */}}
{{- define "imagepull.rules.clusterWide" -}}
# Architecture, disk, and the images on each node; the names of namespaces.
- apiGroups: [""]
  resources: [nodes, namespaces]
  verbs: [get, list]
# The address ranges of Services.
- apiGroups: [networking.k8s.io]
  resources: [servicecidrs]
  verbs: [get, list]
{{- end }}

{{- define "imagepull.rules.pull-secrets" -}}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get]
{{- end }}

{{- define "imagepull.rules.exec" -}}
- apiGroups: [""]
  resources: [pods/exec]
  verbs: [get, create]
{{- end }}

{{- define "imagepull.rules.delete-pods" -}}
- apiGroups: [""]
  resources: [pods]
  verbs: [get, delete]
{{- end }}

{{- define "imagepull.rules.run-builds" -}}
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, create]
- apiGroups: [batch]
  resources: [cronjobs]
  verbs: [get]
{{- end }}

{{- define "imagepull.rules.restart-registry" -}}
- apiGroups: [apps]
  resources: [deployments, statefulsets, daemonsets]
  verbs: [get, patch]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get]
{{- end }}

{{- define "imagepull.rules.roll-back" -}}
- apiGroups: [apps]
  resources: [deployments, statefulsets, daemonsets]
  verbs: [get, patch]
{{- end }}

{{- define "imagepull.rules.test-from-node" -}}
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, create, delete]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
{{- end }}
