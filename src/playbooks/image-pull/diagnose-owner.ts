import type { Resource } from '../../kubernetes/resources.ts'
import { redact } from '../../secret.ts'
import { type Text, text } from '../../text.ts'
import type { World } from './diagnose.ts'
import type { Diagnosis } from './diagnosis.ts'
import { timeOf } from './event-time.ts'
import type { Playbook } from './route.ts'

type Owner = Resource<'deployments'> | Resource<'jobs'> | Resource<'cronjobs'>

/** An owner that has no pod now: nothing is pulled, and its events may tell why there is none. */
export async function diagnoseOwner(kind: string, owner: Owner, world: World): Promise<Diagnosis> {
  const { namespace, name } = owner.metadata
  const refusal = await refusedPods(owner, world)
  const playbook = refusal ? playbookOf(refusal) : undefined
  const note: Text = refusal
    ? text`${kind.replace(/s$/, '')}/${name} has no pod: the API server refuses to make one. ${refusal}`
    : text`${kind.replace(/s$/, '')}/${name} has no pod now, so nothing pulls an image${scaledToNothing(owner) ? ': it is scaled to 0' : ''}.`
  return {
    target: {
      cluster: world.cluster.name,
      namespace,
      pod: '',
      owner: { kind, name },
      container: '',
      image: '',
      node: '',
    },
    healthy: false,
    failing: [],
    observations: [],
    impact: undefined,
    route: { playbook, note },
    note,
  }
}

/** In the words of the event FailedCreate, of the owner itself or of a ReplicaSet of its name; undefined: none was said. */
async function refusedPods({ metadata }: Owner, { cluster, signal }: World): Promise<string | undefined> {
  const events = await cluster.list(
    'events',
    { namespace: metadata.namespace, fields: { reason: 'FailedCreate' } },
    signal,
  )
  const own = events.items.filter(
    ({ involvedObject }) =>
      involvedObject.name === metadata.name || involvedObject.name.startsWith(`${metadata.name}-`),
  )
  const newest = own.toSorted((a, b) => (timeOf(a) ?? '').localeCompare(timeOf(b) ?? '')).at(-1)
  return newest && redact(newest.message).slice(0, 400)
}

function playbookOf(refusal: string): Playbook | undefined {
  return /exceeded quota|(?:maximum|minimum) (?:cpu|memory|storage)|LimitRange|must specify limits|failed quota/i.test(
    refusal,
  )
    ? 'limitrange-violations'
    : undefined
}

function scaledToNothing({ spec }: Owner): boolean {
  return 'replicas' in spec && spec.replicas === 0
}
