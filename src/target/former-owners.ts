import type { OwnerKind } from './located.ts'

export interface OwnerName {
  readonly kind: OwnerKind
  readonly name: string
}

// Generated names use this alphabet (apimachinery pkg/util/rand): a pod's part has five of it, a ReplicaSet's hash up to
// ten. A CronJob's Jobs end with the minute they were due.
const random = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/
const hash = /-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/
const ordinal = /-\d{1,5}$/
const minute = /-\d{8,10}$/

/** Whose pod it can have been, by the form of its name, the most usual first. Empty: no controller makes such names. */
export function formerOwners(pod: string): readonly OwnerName[] {
  const ofSet: OwnerName[] = ordinal.test(pod) ? [{ kind: 'statefulsets', name: pod.replace(ordinal, '') }] : []
  if (!random.test(pod)) return ofSet
  const name = pod.replace(random, '')
  return [
    ...(hash.test(name) ? [{ kind: 'deployments', name: name.replace(hash, '') } as const] : []),
    ...(minute.test(name) ? [{ kind: 'cronjobs', name: name.replace(minute, '') } as const] : []),
    ...(ordinal.test(name) ? [{ kind: 'jobs', name: name.replace(ordinal, '') } as const] : []), // an Indexed Job
    ...(['jobs', 'daemonsets', 'replicasets', 'replicationcontrollers'] as const).map((kind) => ({ kind, name })),
    ...ofSet,
  ]
}

/** Whether a controller made this name, with a random part: `my-app-5d9cf86b95-26kvf`, `agent-x2x9k`. */
export function hasPodForm(name: string): boolean {
  return random.test(name) && /[0-9]/.test(name.slice(-17))
}

/** Whether a Deployment's or a CronJob's pod has this name: a hash or a minute, and a random part. */
export function hasLongPodForm(name: string): boolean {
  const [, middle = ''] = /-([a-z0-9]{5,10})-[a-z0-9]{5}$/.exec(name) ?? []
  return random.test(name) && (hash.test(`-${middle}`) || minute.test(`-${middle}`))
}
