import type { Place } from '../messages/row.ts'
import { referenceOf } from '../playbooks/image-pull/evidence/answers.ts'
import type { Failure } from './failure.ts'

/** What a cause is about. Failures that share it are one incident. */
export type Subject = 'registry' | 'image' | 'namespace' | 'node' | 'workload'

/** Causes that are about another subject than the stage of the pull at which the message says that it failed. */
const subjects: Readonly<Record<string, Subject>> = {
  'registry-down': 'registry',
  'registry-storage-lost': 'registry',
  'stale-service-ip': 'registry',
  'network-policy-blocks-registry': 'registry',
  'build-failed': 'image',
  'build-running': 'image',
  'build-destination-mismatch': 'image',
  'image-never-built': 'image',
  'tag-missing': 'image',
  'default-tag-missing': 'image',
  'repository-missing': 'image',
  'repository-missing-or-private': 'image',
  'digest-missing': 'image',
  'stale-backoff': 'workload',
  'pull-stalled': 'workload',
  unknown: 'workload',
}

const places: Readonly<Record<Place, Subject>> = {
  way: 'registry',
  limit: 'registry',
  access: 'namespace',
  name: 'image',
  policy: 'image',
  content: 'image',
  node: 'node',
  nowhere: 'workload',
}

/**
 * Returns what an incident is about. @param cause undefined: there is no verdict yet, so only the kubelet's message
 * decides.
 */
export function toSubjectKind(cause: string | undefined, at: Place): Subject {
  return (cause === undefined ? undefined : subjects[cause]) ?? places[at]
}

/** Returns the key of an incident. It never contains a pod's name, a waiting reason or an alert's fingerprint. */
export function toSubjectKey(subject: Subject, of: Failure): string {
  const parts: Readonly<Record<Subject, readonly string[]>> = {
    registry: [of.host],
    image: [normalised(of.image)],
    namespace: [of.host, of.namespace, ...of.secrets],
    node: [of.node],
    workload: [of.workload.key],
  }
  return JSON.stringify([of.cluster, subject, ...parts[subject]])
}

/**
 * Returns the key of every incident that a failure could be a part of. The one by the failure's own message comes
 * first.
 */
export function possibleKeys(of: Failure): readonly string[] {
  const own = toSubjectKind(undefined, of.at)
  const all: readonly Subject[] = [own, 'image', 'registry', 'namespace', 'node', 'workload']
  return [...new Set(all.map((subject) => toSubjectKey(subject, of)))]
}

function normalised(image: string): string {
  const reference = referenceOf(image)
  if (!reference) return image
  const { host, repository, tag, digest } = reference
  return `${host}/${repository}${digest ? `@${digest}` : `:${tag ?? 'latest'}`}`
}

/** An incident's key, and the stage at which its first failure happened. */
interface KeyedIncident {
  readonly key: string
  readonly place: Place
}

// A registry may answer 401 or 404 for the same missing image.
const registryAnswers: ReadonlySet<Place> = new Set(['access', 'content'])

/**
 * Tells whether a failure is a part of an incident, without a diagnosis: it is about the same thing and happened at the
 * same stage. A failure with a lost message joins the incident of its workload or image.
 */
export function belongsTo(failure: Failure, { key, place }: KeyedIncident): boolean {
  if (key === toSubjectKey('workload', failure)) return true
  if (!possibleKeys(failure).includes(key)) return false
  if (failure.at === 'nowhere') return key === toSubjectKey('image', failure)
  return failure.at === place || (registryAnswers.has(failure.at) && registryAnswers.has(place))
}
