import { buildOfJob } from '../../builds/find-builds.ts'
import { readBuild } from '../../builds/read-build.ts'
import type { Resource } from '../../kubernetes/resources.ts'
import { redact } from '../../secret.ts'
import { type Text, text } from '../../text.ts'
import { buildVerdict, routeOfBuild } from './build-verdict.ts'
import type { World } from './diagnose.ts'
import type { Diagnosis } from './diagnosis.ts'
import { timeOf } from './event-time.ts'
import type { Playbook } from './route.ts'

type Owner = Resource<'deployments'> | Resource<'jobs'> | Resource<'cronjobs'>

const kindNames = {
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  replicationcontrollers: 'ReplicationController',
  jobs: 'Job',
  cronjobs: 'CronJob',
} as const

/** An owner that has no pod now: nothing is pulled, and its events may tell why there is none. */
export async function diagnoseOwner(kind: keyof typeof kindNames, owner: Owner, world: World): Promise<Diagnosis> {
  const { namespace, name } = owner.metadata
  const [build] = kind === 'jobs' ? buildOfJob(owner as Resource<'jobs'>) : [] // by its kind
  const target = { cluster: world.cluster.name, namespace, pod: '', owner: { kind: kindNames[kind], name } }
  const bare = { healthy: false, observations: [], impact: undefined }
  if (build?.state === 'failed') {
    const reading = await readBuild(world.cluster, build, world.signal)
    const verdict = buildVerdict(build, reading, undefined)
    const [image = ''] = build.destinations
    const failing = {
      container: '',
      image,
      at: 'nowhere' as const,
      verdict,
      also: [],
      chain: [verdict],
      undetermined: [],
      change: undefined,
    }
    const route = routeOfBuild(build, reading)
    return {
      ...bare,
      target: { ...target, container: '', image, node: '' },
      failing: [failing],
      route,
      note: undefined,
    }
  }
  const refusal = await refusedPods(owner, world)
  const note: Text = refusal
    ? text`${kindNames[kind]} ${name} has no pod: the API server refuses to make one. ${refusal}`
    : text`${kindNames[kind]} ${name} has no pod now, so nothing pulls an image${scaledToNothing(owner) ? ': it is scaled to 0' : ''}.`
  const route = { playbook: refusal ? playbookOf(refusal) : undefined, note }
  return { ...bare, target: { ...target, container: '', image: '', node: '' }, failing: [], route, note }
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
