import type { Resource } from '../kubernetes/resources.ts'
import type { ContainerDiagnosis } from '../playbooks/image-pull/model.ts'
import { heldOn } from '../preflight/held-images.ts'
import type { Note } from '../preflight/notes.ts'
import type { PullChecked } from '../preflight/pull-check.ts'
import type { ImageUser } from '../preflight/report.ts'
import { type Text, text } from '../text.ts'
import type { RunningWorkload } from './running.ts'

export interface CheckedImage {
  readonly image: string
  readonly policy: string
  readonly checked: PullChecked
  readonly users: readonly ImageUser[]
  /** Nodes that its pods could land on. */
  readonly nodes: readonly string[]
}

/** A workload that a finding is about. `down`: one pod, or one node, carries all of it. */
export interface ThreatenedWorkload extends Pick<RunningWorkload, 'kind' | 'namespace' | 'name' | 'ready' | 'desired'> {
  readonly container: string
  readonly risk: 'down' | 'degraded'
  /** Nodes on which its pods are. */
  readonly nodes: readonly string[]
}

/** One cause of one image. `fails`: its next pod could not be made; `changes`: it would run something else, or may fail soon. */
export interface Finding {
  readonly level: 'fails' | 'changes'
  /** Of the cause (docs: causes), or `tag-moved`, `image-on-one-node`, `login-expires`, `registry-storage-in-pod`, `moved`. */
  readonly cause: string
  readonly image: string
  readonly title: string
  readonly summary: Text
  readonly diagnosis?: ContainerDiagnosis
  /** Nodes that still have it. Empty: none tells so. */
  readonly heldBy: readonly string[]
  /** Those that would be down first. */
  readonly workloads: readonly ThreatenedWorkload[]
}

/** What threatens healthy workloads, by cause and image, the worst first. Pure. */
export function findingsOf(
  images: readonly CheckedImage[],
  workloads: readonly RunningWorkload[],
  nodes: readonly Resource<'nodes'>[],
): readonly Finding[] {
  const known = new Map(workloads.map((it) => [keyOf(it), it]))
  const found = images.flatMap((image) => {
    const users = image.users.flatMap((user) => {
      const workload = known.get(keyOf(user))
      return workload ? [threatened(workload, user.container)] : []
    })
    const heldBy = heldOn(nodes, image.image)
    return [...ofPull(image), ...ofNotes(image), ...ofTag(image, known), ...ofPlace(image, heldBy)].map((it) => ({
      ...it,
      ...{ image: image.image, heldBy, workloads: users },
    }))
  })
  const groups = Map.groupBy(found, ({ cause, image }) => JSON.stringify([cause, image]))
  return [...groups.values()].flatMap(joined).toSorted(worstFirst)
}

function keyOf({ namespace, kind, name }: Pick<RunningWorkload, 'namespace' | 'kind' | 'name'>): string {
  return `${namespace}/${kind}/${name}`
}

function threatened(of: RunningWorkload, container: string): ThreatenedWorkload {
  const { kind, namespace, name, ready, desired, nodes } = of
  const risk = desired <= 1 || nodes.length <= 1 ? 'down' : 'degraded'
  return { kind, namespace, name, container, ready, desired, nodes, risk }
}

type Said = Pick<Finding, 'level' | 'cause' | 'title' | 'summary' | 'diagnosis'>

function ofPull({ checked }: CheckedImage): readonly Said[] {
  if (checked.status !== 'fails') return []
  const { diagnosis } = checked
  const { cause, title, summary } = diagnosis.verdict
  return [{ level: 'fails', cause, title, summary, diagnosis }]
}

/** Notes that threaten what runs. The others are for whoever is about to deploy. */
const titles: Partial<Readonly<Record<Note['id'], string>>> = {
  'login-expires': 'Login expires soon',
  'registry-storage-in-pod': 'Registry has no persistent volume',
  moved: 'Publisher moved the image',
}

function ofNotes({ checked }: CheckedImage): readonly Said[] {
  return checked.notes.flatMap(({ id, says }) => {
    const title = titles[id]
    return title ? [{ level: 'changes' as const, cause: id, title, summary: says }] : []
  })
}

/**
 * The tag means another image now than the one that runs. Runtimes tell the digest of an index, or that of the manifest for
 * their platform: only a digest that is neither of them is another image.
 */
function ofTag({ image, checked, users }: CheckedImage, known: ReadonlyMap<string, RunningWorkload>): readonly Said[] {
  const now = checked.digests
  if (now.length === 0 || image.includes('@')) return []
  const runs = users.flatMap((user) => [...(known.get(keyOf(user))?.digests.get(user.container) ?? [])])
  const other = runs.find((digest) => !now.includes(digest))
  return other
    ? [
        {
          level: 'changes',
          cause: 'tag-moved',
          title: 'Tag means another image now',
          summary: text`The tag was pushed again: it is ${short(now[0])} in the registry, and pods run ${short(other)}. Their next pods would run the new image.`,
        },
      ]
    : []
}

function short(digest = ''): string {
  return digest.slice(0, 'sha256:'.length + 12)
}

/** Never pulled: the only node that has it must not be lost. */
function ofPlace({ policy, nodes }: CheckedImage, heldBy: readonly string[]): readonly Said[] {
  if (policy !== 'Never' || heldBy.length !== 1 || nodes.length < 2) return []
  return [
    {
      level: 'changes',
      cause: 'image-on-one-node',
      title: 'Image is on one node only',
      summary: text`imagePullPolicy is Never, and of the ${nodes.length} nodes that its pods could land on only ${heldBy[0] ?? ''} lists the image.`,
    },
  ]
}

function joined(group: readonly Finding[]): readonly Finding[] {
  const [first] = group
  if (!first) return []
  const all = group.flatMap(({ workloads }) => workloads)
  const once = [...new Map(all.map((it) => [`${keyOf(it)} ${it.container}`, it])).values()]
  return [{ ...first, workloads: once.toSorted((a, b) => riskOf(a) - riskOf(b) || keyOf(a).localeCompare(keyOf(b))) }]
}

function riskOf({ risk }: ThreatenedWorkload): number {
  return risk === 'down' ? 0 : 1
}

function worstFirst(a: Finding, b: Finding): number {
  return rank(a) - rank(b) || b.workloads.length - a.workloads.length || a.image.localeCompare(b.image)
}

function rank({ level, workloads }: Finding): number {
  return (level === 'fails' ? 0 : 2) + (workloads.some(({ risk }) => risk === 'down') ? 0 : 1)
}
