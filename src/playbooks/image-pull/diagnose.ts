import type { Check, Observation, Run } from '../../diagnosis/check.ts'
import { childRun, createRun } from '../../diagnosis/run.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import { makerResource } from '../../kubernetes/kinds.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import type { Registry } from '../../registry/registry.ts'
import { type Text, text } from '../../text.ts'
import { refusedPods } from './admission/refusal.ts'
import { judgeRefusal, type RefusedPods } from './admission/refused.ts'
import { impact, owner } from './checks/owner.ts'
import { events } from './checks/pod.ts'
import { judgeBuild } from './diagnose-build.ts'
import {
  type ContainerPull,
  type Permissions,
  type Settings,
  theCluster,
  thePermissions,
  thePod,
  theRegistry,
  theSettings,
} from './inputs.ts'
import { judgeContainers } from './judge-containers.ts'
import type { Diagnosis, Observed } from './model.ts'
import { readPulls } from './pulls.ts'
import { routeOf } from './route.ts'

/** What a diagnosis may use, and whom it tells. */
export interface World {
  readonly cluster: Cluster
  readonly registry: Registry
  readonly permissions: Permissions
  readonly settings: Settings
  readonly signal: AbortSignal
  readonly now?: () => number
  /** What time it is; a replay has that of its facts. Default: now. */
  readonly time?: Date
  /** A check begins. */
  readonly progress?: (check: Check<unknown>) => void
  readonly defect: (where: { readonly id: string }, error: unknown) => void
  /** Called with every answer, to save it; `recall` brings it back. */
  readonly remember?: (path: string, check: Check<unknown>, of: Observation<unknown>) => void
  readonly recall?: (path: string, id: string) => Observation<unknown> | undefined
}

/** A diagnosis, and the run that it was made in. */
export interface DiagnosedRun {
  readonly diagnosis: Diagnosis
  /** Of the container that the verdict is about, or of the pod. Each check says what it answered in this run. */
  readonly run: Run
}

/** Explains why this pod cannot pull its images. Never throws for what it could not see: that is part of the answer. */
export async function diagnose(pod: Pod, world: World): Promise<Diagnosis> {
  return (await diagnoseInRun(pod, world)).diagnosis
}

/** As `diagnose`, for callers that also need single facts. */
export async function diagnoseInRun(pod: Pod, world: World): Promise<DiagnosedRun> {
  const observations: Observed[] = []
  const root = createRun({
    ...world,
    started: (check) => world.progress?.(check),
    seen: (path, check, of, ms) => {
      observations.push(observed(check, of, ms))
      world.remember?.(path, check, of)
    },
  })
  theCluster.give(root, world.cluster)
  theRegistry.give(root, world.registry)
  thePermissions.give(root, world.permissions)
  theSettings.give(root, world.settings)
  const run = childRun(root, 'pod')
  thePod.give(run, pod)

  const around = Promise.all([owner.ask(run), impact.ask(run)])
  const seen = await events.ask(run)
  const known = seen.known ? seen.value : []
  const now = world.time ?? new Date()
  const pulls = readPulls(pod, known, now)
  const containers = await judgeContainers(run, pulls)
  const judged = containers.map(({ diagnosis }) => diagnosis)
  const [owned, hurt] = await around
  const build = judged.length === 0 ? await judgeBuild(run, pod) : undefined
  const instead = build || judged.length > 0 ? build?.route : routeOf(pod, pulls, known, now)
  const refused = build || judged.length > 0 || instead ? undefined : await refusedBesides(run)
  const failing = build?.failing ?? refused?.failing ?? judged
  const subject = failing[0] ?? pulls[0]
  const route = instead ?? refused?.route
  const diagnosis: Diagnosis = {
    target: {
      cluster: world.cluster.name,
      namespace: pod.metadata.namespace,
      pod: pod.metadata.name,
      ...(owned.known && owned.value && { owner: { kind: owned.value.kind, name: owned.value.name } }),
      container: subject?.container ?? '',
      image: subject?.image ?? '',
      node: pod.spec.nodeName,
    },
    healthy: failing.length === 0 && !route && pulls.every((pull) => pull.state === 'pulled'),
    failing,
    observations,
    impact: hurt.known ? hurt.value : undefined,
    route,
    note: failing.length === 0 ? (route?.note ?? noteOf(pulls)) : undefined,
  }
  return { diagnosis, run: containers[0]?.run ?? run }
}

/** This pod has what it needs, and its workload may be refused others. */
async function refusedBesides(run: Run): Promise<RefusedPods | undefined> {
  const [owned, refusal] = await Promise.all([owner.ask(run), refusedPods.ask(run)])
  const { workload, kind } = (owned.known && owned.value) || {}
  const maker = makerResource(kind)
  if (!refusal.known || !refusal.value || !workload || !maker) return undefined
  const { replicas, numberReady } = workload.status
  return judgeRefusal(maker, workload, refusal.value, numberReady ?? replicas)
}

function observed(check: Check<unknown>, of: Observation<unknown>, ms: number): Observed {
  return { check: check.id, known: of.known, ...(!of.known && { reason: of.reason }), ms: Math.round(ms) }
}

/** Nothing fails: what there is to say all the same. */
function noteOf(pulls: readonly ContainerPull[]): Text {
  const pulling = pulls.find((pull) => pull.state === 'pulling')
  if (pulling)
    return text`Still pulling ${pulling.image}, since ${pulling.pullingSince ?? 'an unknown time'}. No failure was seen.`
  const pulled = pulls.filter((pull) => pull.state === 'pulled').length
  if (pulled < pulls.length) return text`${pulled} of ${pulls.length} containers have pulled; nothing failed so far.`
  const failed = pulls.findLast((pull) => pull.lastFailure)?.lastFailure
  const healed = failed ? text` The last failure was at ${failed}; it healed by itself.` : text``
  return text`${pulls.length === 1 ? 'Its container has' : `All ${pulls.length} containers have`} pulled. Not a pull problem.${healed}`
}
