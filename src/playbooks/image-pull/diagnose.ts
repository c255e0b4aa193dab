import type { Check } from '../../diagnosis/check.ts'
import { childRun, createRun } from '../../diagnosis/create-run.ts'
import { judge, type Outcome } from '../../diagnosis/judge.ts'
import type { Observation } from '../../diagnosis/observation.ts'
import type { Run } from '../../diagnosis/run.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import type { Kind } from '../../messages/kinds.ts'
import type { Registry } from '../../registry/registry.ts'
import { type Text, text } from '../../text.ts'
import { events } from './checks/events.ts'
import { impact } from './checks/impact.ts'
import { owner } from './checks/owner.ts'
import type { ContainerDiagnosis, Diagnosis, Observed, PullVerdict } from './diagnosis.ts'
import type { PullFinding } from './finding.ts'
import { type Permissions, theCluster, thePermissions, thePod, theRegistry } from './givens.ts'
import { causes } from './index.ts'
import { type ContainerPull, theImage, thePull } from './pull.ts'
import { readPulls } from './read-pulls.ts'
import { routeOf } from './route.ts'
import { unknownVerdict } from './unknown-verdict.ts'

type PullOutcome = Outcome<Kind, PullFinding>

/** What a diagnosis may use, and whom it tells. */
export interface World {
  readonly cluster: Cluster
  readonly registry: Registry
  readonly permissions: Permissions
  readonly signal: AbortSignal
  readonly now?: () => number
  /** What time it is; a replay has that of its facts. Default: now. */
  readonly time?: Date
  readonly progress?: (doing: string) => void
  readonly defect: (where: { readonly id: string }, error: unknown) => void
  /** Called with every answer, to save it; `recall` brings it back. */
  readonly remember?: (path: string, id: string, of: Observation<unknown>) => void
  readonly recall?: (path: string, id: string) => Observation<unknown> | undefined
}

/** Why this pod cannot pull its images. Never throws for what could not be seen: that is part of the answer. */
export async function diagnose(pod: Pod, world: World): Promise<Diagnosis> {
  const observations: Observed[] = []
  const root = createRun({
    ...world,
    started: (check) => world.progress?.(check.doing),
    seen: (path, check, of, ms) => {
      observations.push(observed(check, of, ms))
      world.remember?.(path, check.id, of)
    },
  })
  theCluster.give(root, world.cluster)
  theRegistry.give(root, world.registry)
  thePermissions.give(root, world.permissions)
  const run = childRun(root, 'pod')
  thePod.give(run, pod)

  const around = Promise.all([owner.ask(run), impact.ask(run)])
  const seen = await events.ask(run)
  const known = seen.known ? seen.value : []
  const pulls = readPulls(pod, known, world.time ?? new Date())
  const failing = await judgeAll(run, pulls)
  const [owned, hurt] = await around
  const subject = failing[0] ?? pulls[0]
  const route = failing.length === 0 ? routeOf(pod, pulls, known) : undefined
  return {
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
}

/** Containers of one image share a run, so that the registry is asked about it once. */
async function judgeAll(run: Run, pulls: readonly ContainerPull[]): Promise<readonly ContainerDiagnosis[]> {
  const images = new Map<string, Run>()
  const runOf = (pull: ContainerPull): Run => {
    const known = images.get(pull.image)
    const imageRun = known ?? childRun(run, pull.image)
    images.set(pull.image, imageRun)
    const plainHttp = pull.said?.reading.url?.startsWith('http://') ?? false
    if (!known) theImage.give(imageRun, { image: pull.image, plainHttp })
    return imageRun
  }
  const asked = pulls.filter(
    (pull) => pull.state === 'failing' || pull.state === 'pulling' || pull.state === 'crashing',
  )
  const judged = await Promise.all(asked.map((pull) => judgeOne(runOf(pull), pull)))
  return judged.filter((it) => it !== undefined)
}

async function judgeOne(imageRun: Run, pull: ContainerPull): Promise<ContainerDiagnosis | undefined> {
  const run = childRun(imageRun, pull.container)
  thePull.give(run, pull)
  // What ran and crashed was pulled; only causes that explain just that are asked.
  const kinds: ReadonlySet<Kind> = new Set(pull.state === 'crashing' ? ['not-image-pull'] : pull.kinds)
  const outcome: PullOutcome = await judge(causes, kinds, run)
  const chain = outcome.chain.flatMap((cause) => verdictOf(outcome, cause.id))
  const [first] = chain
  if (!first && pull.state !== 'failing') return undefined
  const undetermined = outcome.open.map((cause) => ({ cause: cause.id, reason: reasonOf(outcome, cause.id) }))
  return {
    container: pull.container,
    image: pull.image,
    verdict: first ?? unknownVerdict(pull),
    also: outcome.also.flatMap((cause) => verdictOf(outcome, cause.id)),
    chain,
    undetermined,
  }
}

function verdictOf(outcome: PullOutcome, id: string): readonly PullVerdict[] {
  const verdict = [...outcome.verdicts].find(([cause]) => cause.id === id)?.[1]
  if (!verdict || verdict.status === 'ruled-out' || !verdict.finding) return []
  return [{ cause: id, ...verdict.finding }]
}

function reasonOf(outcome: PullOutcome, id: string): string {
  const verdict = [...outcome.verdicts].find(([cause]) => cause.id === id)?.[1]
  return verdict?.status === 'undetermined' ? verdict.reason : ''
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
