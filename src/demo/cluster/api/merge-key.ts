/** Lists of a pod that are merged by a key, not replaced: the patchMergeKey of k8s.io/api. */
const keys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  imagePullSecrets: 'name',
  ports: 'containerPort',
  conditions: 'type',
  ownerReferences: 'uid',
}

/** By what a field's items are told apart. undefined: the list is one value. */
export function mergeKey(field: string): string | undefined {
  return keys[field]
}
