import type { Place } from '../messages/row.ts'
import { referenceOf } from '../playbooks/image-pull/evidence/answers.ts'
import type { Failure } from './failure.ts'

/** What a cause is about: failures that share it are one incident. */
export type Subject = 'registry' | 'image' | 'namespace' | 'node' | 'workload'

/** Causes that are about another thing than the place where the message says that it happened. */
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

/** `cause` undefined: there is no verdict yet, and the kubelet's words alone decide. */
export function toSubjectKind(cause: string | undefined, at: Place): Subject {
  return (cause === undefined ? undefined : subjects[cause]) ?? places[at]
}

/** The same for all that is one incident: never a pod's name, a waiting reason or an alert's fingerprint. */
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

/** Every incident that a failure could be a part of, the one that its own words name first. */
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

/** What an incident says of itself: its key, and where the words of its first failure say that it happened. */
interface Kept {
  readonly key: string
  readonly place: Place
}

// A registry that turns a pull away and one that has no such image may be the same: 401 and 404 for what is missing.
const told: ReadonlySet<Place> = new Set(['access', 'content'])

/**
 * Whether a failure is a part of an incident, without diagnosing it: it is about the same thing, and happened in the same
 * place. Lost words join what their workload or image is known for.
 */
export function belongsTo(failure: Failure, { key, place }: Kept): boolean {
  if (key === toSubjectKey('workload', failure)) return true
  if (!possibleKeys(failure).includes(key)) return false
  if (failure.at === 'nowhere') return key === toSubjectKey('image', failure)
  return failure.at === place || (told.has(failure.at) && told.has(place))
}
