import type { Observation } from '../../../diagnosis/check.ts'
import { text } from '../../../text.ts'
import type { ImageBuilds } from '../checks/builds.ts'
import type { Names } from '../checks/pod.ts'
import { referenceOf } from '../evidence/answers.ts'
import { buildEvidence, nameOfBuild, readLog, runAgain } from '../evidence/builds.ts'
import type { ContainerPull } from '../inputs.ts'
import type { PullVerdict, Remedy } from '../model.ts'

interface SourceFacts {
  readonly names: Names
  readonly held: Observation<readonly { readonly node: string; readonly images: readonly string[] }[]>
  readonly copies: Observation<readonly string[]>
  readonly mirrors: readonly { readonly host: string; readonly of: string }[]
}

/**
 * Where else the image is, while its registry cannot be reached. `docker.io/library/…` instead of a short name is no other
 * place: containerd reads both as the same.
 */
export function otherSources(pull: ContainerPull, { names, held, copies, mirrors }: SourceFacts): readonly Remedy[] {
  return [
    ...(held.known ? onNodes(pull, names, held.value) : []),
    ...(copies.known ? inCluster(names, copies.value) : []),
    ...inMirrors(pull, mirrors),
  ]
}

const shown = 3

function onNodes(
  pull: ContainerPull,
  { node }: Names,
  nodes: readonly { readonly node: string; readonly images: readonly string[] }[],
): readonly Remedy[] {
  const wanted = normalised(pull.image)
  const holders = nodes.filter((it) => it.node !== node && it.images.some((image) => normalised(image) === wanted))
  if (holders.length === 0) return []
  const where = `${holders
    .slice(0, shown)
    .map((it) => it.node)
    .join(', ')}${holders.length > shown ? ' …' : ''}`
  if (pull.policy === 'Always')
    return [
      {
        kind: 'action',
        title: text`${where} still has the image; a pod there starts without the registry if its imagePullPolicy is IfNotPresent`,
      },
    ]
  return [
    {
      kind: 'command',
      title: text`${where} still has the image: keep new pods off ${node}, then delete this one, so that it starts there without a pull`,
      argv: ['kubectl', 'cordon', node],
    },
  ]
}

function inCluster({ owner, namespace, container }: Names, copies: readonly string[]): readonly Remedy[] {
  return copies.slice(0, 1).map((copy) => ({
    kind: 'action',
    title: text`The cluster's own registry has ${copy}: use it in Git for container ${container} of ${namespace}/${owner} until the registry can be reached; first check that it is the same image`,
  }))
}

function inMirrors({ image, said }: ContainerPull, mirrors: SourceFacts['mirrors']): readonly Remedy[] {
  const reference = referenceOf(image)
  const usable = mirrors.filter((it) => it.of === reference?.host && it.host !== said?.reading.host)
  return usable.map(({ host, of }) => ({
    kind: 'action',
    title: text`${host} is configured as a mirror of ${of}, but the node did not use it: configure its runtime to use it, or use ${host}/${reference?.repository ?? ''} in Git`,
  }))
}

/** What the runtime makes of a short name. */
function normalised(image: string): string {
  const reference = referenceOf(image)
  if (!reference) return image
  const { host, repository, tag, digest } = reference
  return `${host}/${repository}${digest ? `@${digest}` : `:${tag ?? 'latest'}`}`
}

const missing: ReadonlySet<string> = new Set(['tag-missing', 'default-tag-missing', 'repository-missing'])

/** A build says that it pushed the image, and the registry does not have it: deleted since, or pushed to another place. */
export async function builtBefore(
  verdict: PullVerdict,
  ask: () => Promise<Observation<ImageBuilds | undefined>>,
): Promise<PullVerdict> {
  if (!missing.has(verdict.cause)) return verdict
  const builds = await ask()
  const [build] = (builds.known && builds.value?.exact) || []
  const [perhaps] = (builds.known && builds.value?.open) || []
  if (!build && perhaps)
    return {
      ...verdict,
      because: [...verdict.because, { ...buildEvidence(perhaps), confidence: 'possible' }],
      remedies: [...(perhaps.kind === 'Job' ? [readLog(perhaps)] : []), ...verdict.remedies],
    }
  if (!build?.finishedAt || build.state === 'failed') return verdict
  const log: Remedy = {
    ...readLog(build),
    title: text`${nameOfBuild(build)} succeeded: its log shows where it pushed to`,
  }
  const again = [...(build.kind === 'Job' ? [log] : []), runAgain(build)]
  return { ...verdict, because: [...verdict.because, buildEvidence(build)], remedies: [...again, ...verdict.remedies] }
}
