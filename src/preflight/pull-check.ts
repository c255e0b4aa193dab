import type { Observation } from '../diagnosis/check.ts'
import { childRun, createRun } from '../diagnosis/run.ts'
import type { Pod } from '../kubernetes/resources.ts'
import { owner as ownerCheck, revisions } from '../playbooks/image-pull/checks/owner.ts'
import { events } from '../playbooks/image-pull/checks/pod.ts'
import { type NamedSecret, pullSecrets } from '../playbooks/image-pull/checks/pull-secrets.ts'
import type { World } from '../playbooks/image-pull/diagnose.ts'
import { answerEvidence } from '../playbooks/image-pull/evidence/answers.ts'
import {
  type ContainerPull,
  theCluster,
  thePermissions,
  thePod,
  theRegistry,
  theSettings,
} from '../playbooks/image-pull/inputs.ts'
import { judgePull, type RunOf, runsOfImages } from '../playbooks/image-pull/judge-containers.ts'
import type { ContainerDiagnosis } from '../playbooks/image-pull/model.ts'
import { parseReference } from '../registry/reference.ts'
import type { Platform } from '../registry/registry.ts'
import { type Forecast, type Foreseen, forecastPull } from './forecast.ts'
import { type Held, heldBy } from './held-images.ts'
import { type Note, notesOf } from './notes.ts'
import type { PulledByPod } from './pulled-images.ts'

/** One container of a pod that does not exist yet, or is to be made again. */
export interface PullToCheck extends PulledByPod {
  /** With the pull secrets that it would have, unless `secretsUnknown` says why they are not known. Its nodeName is the node whose platform is compared; empty: none is. */
  readonly pod: Pod
  readonly secretsUnknown?: string
  readonly owner: { readonly kind: string; readonly name: string }
  /** Nodes that it could land on. */
  readonly nodes: readonly string[]
}

/** How the pull would go, in the words of a diagnosis. */
export type PullChecked = {
  readonly notes: readonly Note[]
  /** What the image is for, where it was read. */
  readonly platforms: readonly Platform[]
  /** What the tag means in the registry. */
  readonly digest?: string
  /** That, and the digests of its platforms: what a runtime may call the image. Empty: not known. */
  readonly digests: readonly string[]
} & (
  | { readonly status: 'pulls' }
  | { readonly status: 'fails'; readonly diagnosis: ContainerDiagnosis }
  | { readonly status: 'unknown'; readonly reason: string }
)

export interface PullChecker {
  /** Never throws for what it could not see: that is a part of the answer. */
  check(of: PullToCheck): Promise<PullChecked>
}

export type CheckWorld = Pick<World, 'cluster' | 'registry' | 'permissions' | 'settings' | 'signal' | 'defect'> & {
  /** Of the person who asks, in place of the pods' own: where there is no cluster. */
  readonly localLogins?: readonly NamedSecret[]
  readonly now?: () => Date
}

/**
 * Checks pulls before they happen, with the causes and checks of a diagnosis. All checks share one run, so the cluster is
 * asked once for what concerns all. `cluster` should ask the same question once, as `clusterView` does; the registry's
 * client shares recent answers by itself.
 */
export function createPullChecker(world: CheckWorld): PullChecker {
  const facts = new Map<string, Facts>()
  const root = createRun({
    signal: world.signal,
    defect: world.defect,
    recall(path, id) {
      const own = facts.get(path.split('/')[1] ?? '')
      return own && Object.hasOwn(own, id) ? own[id] : undefined
    },
  })
  theCluster.give(root, world.cluster)
  theRegistry.give(root, world.registry)
  thePermissions.give(root, world.permissions)
  theSettings.give(root, world.settings)
  const pods = new Map<string, RunOf>()

  /** Containers of one pod share its run, and images of one pod theirs. */
  function runsOf(of: PullToCheck): RunOf {
    const { pod, owner } = of
    const { namespace, name } = pod.metadata
    const secrets = pod.spec.imagePullSecrets.map((it) => it.name)
    const key = JSON.stringify([owner.kind, namespace, name, owner.name, pod.spec.nodeName, secrets])
    const known = pods.get(key)
    if (known) return known
    const run = childRun(root, key)
    facts.set(encodeURIComponent(key), factsOf(of, world.localLogins))
    thePod.give(run, pod)
    const made = runsOfImages(run)
    pods.set(key, made)
    return made
  }

  return {
    async check(of) {
      const runOf = runsOf(of)
      const run = runOf({ image: of.image, plainHttp: false })
      const held = of.policy === 'Always' ? undefined : await heldBy(run, of.image, of.nodes)
      const forecast = of.policy === 'Never' ? forecastPresence(held) : await forecastPull(run)
      const [outcome, notes] = await Promise.all([
        outcomeOf(of, forecast, runOf),
        notesOf(run, { forecast, held, now: world.now?.() ?? new Date() }),
      ])
      // What every node has already need not be pulled, so pods start until a node is new.
      const starts = outcome.status === 'fails' && notes.some(({ id }) => id === 'kept-on-every-node')
      return { ...(starts ? { status: 'pulls' } : outcome), ...foundBy(forecast), notes }
    },
  }
}

type Facts = Readonly<Record<string, Observation<unknown>>>

/** Nothing of the pod exists: nobody need look for its events, nor for the workload that it would replace. */
function factsOf({ owner, secretsUnknown }: PullToCheck, localLogins: CheckWorld['localLogins']): Facts {
  const known = (value: unknown): Observation<unknown> => ({ known: true, value })
  return {
    ...{ [events.id]: known([]), [ownerCheck.id]: known(owner), [revisions.id]: known([]) },
    ...(secretsUnknown !== undefined && { [pullSecrets.id]: { known: false, reason: secretsUnknown } }),
    ...(localLogins && { [pullSecrets.id]: known(localLogins) }),
  }
}

/** Pulls nothing: the node has the image, or the container does not start. */
function forecastPresence(held: Held | undefined): Forecast {
  if (held && held.by.length > 0) return { goes: 'well', answer: undefined, platforms: [], digests: [] }
  if (held && held.missingOn.length > 0)
    return { goes: 'wrong', meets: { kind: 'never-pull', cause: 'image-never-pulled' } }
  return {
    goes: 'unreached',
    reason: 'imagePullPolicy is Never, and which images the nodes have is not known',
    assumed: undefined,
  }
}

type Outcome =
  | { readonly status: 'pulls' }
  | { readonly status: 'fails'; readonly diagnosis: ContainerDiagnosis }
  | { readonly status: 'unknown'; readonly reason: string }

async function outcomeOf(of: PullToCheck, forecast: Forecast, runOf: RunOf): Promise<Outcome> {
  if (forecast.goes === 'well') return { status: 'pulls' }
  const meets = forecast.goes === 'wrong' ? forecast.meets : forecast.assumed
  const judged = meets && (await judgePull(runOf, foreseenPull(of, meets)))
  const diagnosis = judged?.diagnosis
  if (diagnosis && stands(diagnosis, forecast)) return { status: 'fails', diagnosis: withAnswer(diagnosis, forecast) }
  const reason = forecast.goes === 'unreached' ? forecast.reason : 'the answers fit no cause that imagepull knows'
  return { status: 'unknown', reason }
}

function foundBy(forecast: Forecast): Pick<PullChecked, 'platforms' | 'digest' | 'digests'> {
  if (forecast.goes !== 'well') return { platforms: [], digests: [] }
  const { answer, platforms, digests } = forecast
  return { platforms, digests, ...(answer?.digest && { digest: answer.digest }) }
}

/** A cause that the kubelet's words tell in a pod has the registry's answer for its evidence here. */
function withAnswer(diagnosis: ContainerDiagnosis, forecast: Forecast): ContainerDiagnosis {
  const { verdict } = diagnosis
  if (verdict.because.length > 0 || forecast.goes !== 'wrong' || !forecast.answer) return diagnosis
  return { ...diagnosis, verdict: { ...verdict, because: [answerEvidence(forecast.answer)] } }
}

/** What only repeats that nobody could ask from here is no finding. */
function stands({ verdict }: ContainerDiagnosis, forecast: Forecast): boolean {
  if (verdict.cause === 'unknown') return false
  const assumed = forecast.goes === 'unreached' ? forecast.assumed?.cause : undefined
  return forecast.goes === 'wrong' || (verdict.cause !== assumed && verdict.confidence !== 'possible')
}

/** As if the kubelet had met it. Its words are nobody's, so no evidence quotes them. */
function foreseenPull(of: PullToCheck, { kind, cause }: Foreseen): ContainerPull {
  const { container, role, image, volume, policy } = of
  const parsed = parseReference(image)
  const named = { kind, ...(cause && { cause }) }
  return {
    ...{ container, role, image, policy, ...(volume && { volume }) },
    ...{ state: 'failing', waitingReason: '', kinds: [kind], secretsNotFound: [] },
    said: {
      by: 'forecast',
      message: '',
      reading: {
        ...named,
        clauses: [named],
        text: '',
        ...(parsed.valid && { host: parsed.reference.host }),
        vague: true,
      },
    },
  }
}
