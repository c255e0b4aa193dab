import type { Check, Observation, Run } from '../../../diagnosis/check.ts'
import { managerOf } from '../../../gitops/manager.ts'
import { type Kind, kinds } from '../../../messages/row.ts'
import type { ParsedReference } from '../../../registry/reference.ts'
import type { ManifestAnswer } from '../../../registry/registry.ts'
import { plain, type Text, text } from '../../../text.ts'
import type { ImageChange } from '../change.ts'
import { imageBuilds } from '../checks/builds.ts'
import { type RegistryBackend, registryBackend, registryService } from '../checks/cluster-registry.ts'
import { gitFile } from '../checks/git.ts'
import { nodeImages } from '../checks/nodes.ts'
import { owner } from '../checks/owner.ts'
import { names, reference } from '../checks/pod.ts'
import { copies, manifest, ownManifest } from '../checks/registry.ts'
import { type Spread, spread } from '../checks/spread.ts'
import { existenceEvidence } from '../evidence/answers.ts'
import { type ContainerPull, theSettings } from '../inputs.ts'
import type { PullVerdict } from '../model.ts'
import { escalation } from './escalation.ts'
import { type WayFacts, wayEvidence, wrongPort } from './network-path.ts'
import { inGit, rollback } from './rollback.ts'
import { builtBefore, otherSources } from './sources.ts'

/** Adds to a verdict what does not depend on its cause: going back, other sources, prevention, and when to escalate. */
export async function advise(
  verdict: PullVerdict,
  pull: ContainerPull,
  change: ImageChange | undefined,
  run: Run,
): Promise<PullVerdict> {
  const [named, referred, backend, file, owned, service] = await Promise.all([
    names.ask(run),
    reference.ask(run),
    registryBackend.ask(run),
    gitFile.ask(run),
    owner.ask(run),
    registryService.ask(run),
  ])
  if (!named.known) return verdict
  const prevent = [...verdict.prevent, ...prevention(pull, { reference: referred, backend })]
  const metadata = owned.known ? owned.value?.workload?.metadata : undefined
  const manager = metadata && managerOf(metadata)
  const back = rollback(verdict.cause, change, pull, { ...named.value, file, manager })
  const port = isWay(pull) ? wrongPort(pull, service) : undefined
  const { edit = port?.edit, ...found } = verdict
  const mended = edit ? [inGit(edit.change, edit.why, file)] : []
  // A secret has to be there before a pod can name it.
  const own = edit?.change.field === 'image' ? [...mended, ...verdict.remedies] : [...verdict.remedies, ...mended]
  const advised = { ...found, prevent: distinct(prevent), remedies: [...back, ...own] }
  if (isOfNode(pull)) return withEvidence(advised, await spread.ask(run))
  const seen = isAccess(pull) ? withExistence(advised, await ownManifest.ask(run)) : advised
  if (!isWay(pull)) return builtBefore(seen, () => imageBuilds.ask(run))
  if (verdict.cause === 'stale-backoff') return advised
  const onWay = port ? { ...advised, because: [port.evidence, ...advised.because] } : advised
  return adviseOnWay(onWay, { pull, run, names: named.value, backend, isPort: port !== undefined })
}

interface OnWay {
  readonly pull: ContainerPull
  readonly run: Run
  readonly names: Parameters<typeof otherSources>[1]['names']
  readonly backend: WayFacts['backend']
  /** The port is wrong: what is behind others, or has the image too, is beside the point. */
  readonly isPort: boolean
}

/** What only matters, and is only asked, while the way to the registry is broken. */
async function adviseOnWay(verdict: PullVerdict, { pull, run, names, backend, isPort }: OnWay): Promise<PullVerdict> {
  const ask = <T>(check: Check<T>): Promise<Observation<T>> => check.ask(run)
  const [answer, around, held, copied, settings] = await Promise.all([
    ask(manifest),
    ask(spread),
    ask(nodeImages),
    ask(copies),
    theSettings.ask(run),
  ])
  const behind = isPort ? ({ known: true, value: undefined } as const) : backend
  const facts: WayFacts = { manifest: answer, spread: around, backend: behind }
  return {
    ...verdict,
    because: [...verdict.because, ...wayEvidence(facts)],
    remedies: [
      ...otherSources(pull, {
        names,
        held,
        copies: isPort ? { known: true, value: [] } : copied,
        mirrors: settings.known ? settings.value.mirrors : [],
      }),
      ...verdict.remedies,
      ...escalation(pull, facts, settings.known ? settings.value.registryRestarts : usualRestarts),
    ],
  }
}

/** The playbook's: "if registry consistently unreachable after 3 restart attempts". */
const usualRestarts = 3

/** Kinds that one node's disk or content store shows as well as a broken image: who else pulls it tells. */
const ofNode: ReadonlySet<Kind | undefined> = new Set<Kind>([
  'corrupt-content',
  'disk-full',
  'runtime-failure',
  'platform-mismatch',
])

function isOfNode({ said, state }: ContainerPull): boolean {
  return state === 'failing' && ofNode.has(said?.reading.kind)
}

function withEvidence(verdict: PullVerdict, around: Observation<Spread>): PullVerdict {
  return around.known ? { ...verdict, because: [...verdict.because, ...around.value.because] } : verdict
}

function isAccess({ said, state }: ContainerPull): boolean {
  const kind = said?.reading.kind
  return state === 'failing' && kind !== undefined && kinds[kind].at === 'access'
}

function withExistence(verdict: PullVerdict, own: Observation<ManifestAnswer | undefined>): PullVerdict {
  if (!own.known || !own.value) return verdict
  return { ...verdict, because: [...verdict.because, ...existenceEvidence(own.value)] }
}

function isWay({ said }: ContainerPull): boolean {
  const kind = said?.reading.kind
  return kind !== undefined && (kinds[kind].at === 'way' || kinds[kind].at === 'limit')
}

function distinct(texts: readonly Text[]): readonly Text[] {
  return [...new Map(texts.map((it) => [plain(it), it])).values()]
}

interface PreventionFacts {
  readonly reference: Observation<ParsedReference>
  readonly backend: Observation<RegistryBackend | undefined>
}

/** What would keep it from happening again: only from what was observed. */
export function prevention(pull: ContainerPull, { reference, backend }: PreventionFacts): readonly Text[] {
  return [
    ...(reference.known && reference.value.valid ? ofReference(reference.value.reference, pull) : []),
    ...(backend.known && backend.value ? ofRegistry(backend.value) : []),
  ]
}

// https://docs.docker.com/docker-hub/usage/pulls/ counts by address: a mirror pulls once for all nodes.
const hubHosts: ReadonlySet<string> = new Set(['registry-1.docker.io', 'auth.docker.io'])

function ofReference(
  { host, tag, digest }: Extract<ParsedReference, { valid: true }>['reference'],
  { said }: ContainerPull,
): readonly Text[] {
  const moves = !digest && (tag === undefined || tag === 'latest')
  const unmirrored = host === 'docker.io' && hubHosts.has(said?.reading.host ?? '')
  return [
    ...(moves ? [text`Pin a tag that does not move, or a digest, instead of latest.`] : []),
    ...(unmirrored ? [text`Give the nodes a mirror of Docker Hub: this node asked Docker Hub directly.`] : []),
  ]
}

function ofRegistry({ namespace, service, pods }: RegistryBackend): readonly Text[] {
  const inPod = pods.some((pod) => pod.storage === 'pod')
  const killed = pods.some((pod) => pod.trouble === 'OOMKilled')
  const unlimited = pods.some((pod) => !pod.limited)
  return [
    ...(inPod
      ? [
          text`Give the registry ${namespace}/${service} a PersistentVolumeClaim: its images are stored in the pod and would be lost with it.`,
        ]
      : []),
    ...(killed ? [text`Raise the registry's memory limit: it was killed because it ran out of memory.`] : []),
    ...(unlimited ? [text`Set resource requests and limits on the registry's pod: it has none.`] : []),
  ]
}
