import type { TargetKind } from './parse-target.ts'

export interface FormerOwner {
  readonly kind: Exclude<TargetKind, 'pods'>
  readonly name: string
  /** For people. */
  readonly word: string
}

// Generated names use an alphabet without vowels and without 0, 1 and 3: apimachinery pkg/util/rand. The pod's part has
// five of them, a ReplicaSet's hash up to ten.
const deploymentPod = /^(.+)-[bcdf-hj-np-tv-z24-9]{1,10}-[bcdf-hj-np-tv-z24-9]{5}$/
const ordinal = /^(.+)-\d{1,5}$/
const otherPod = /^(.+)-[bcdf-hj-np-tv-z24-9]{5}$/

/** Whose pod it was, by the form of its name. undefined: no controller makes such names. */
export function formerOwner(pod: string): FormerOwner | undefined {
  const deployment = deploymentPod.exec(pod)?.[1]
  if (deployment) return { kind: 'deployments', name: deployment, word: 'Deployment' }
  const statefulSet = ordinal.exec(pod)?.[1]
  if (statefulSet) return { kind: 'statefulsets', name: statefulSet, word: 'StatefulSet' }
  const job = otherPod.exec(pod)?.[1]
  return job ? { kind: 'jobs', name: job, word: 'Job' } : undefined
}
