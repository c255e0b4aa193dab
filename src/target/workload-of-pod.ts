import type { Pod } from '../kubernetes/resources.ts'

export interface Workload {
  readonly kind: string
  readonly name: string
  /** The same for all pods of the workload, and for no other pod. */
  readonly key: string
}

/**
 * Whose pod it is, without asking. During a rollout a Deployment
 * has pods of two ReplicaSets, whose names are the Deployment's and a hash; a CronJob's Jobs have its name and a minute.
 */
export function workloadOfPod({ metadata }: Pod): Workload {
  const { namespace, ownerReferences, labels } = metadata
  const workload = (kind: string, name: string): Workload => ({ kind, name, key: `${namespace}/${kind}/${name}` })
  const owner = ownerReferences.find((reference) => reference.controller)
  if (!owner) return workload('Pod', metadata.name)
  if (owner.kind === 'Job') return workload('Job', owner.name.replace(/-\d{8,10}$/, ''))
  const hash = `-${labels['pod-template-hash']}`
  return owner.kind === 'ReplicaSet' && owner.name.endsWith(hash)
    ? workload('Deployment', owner.name.slice(0, -hash.length))
    : workload(owner.kind, owner.name)
}
