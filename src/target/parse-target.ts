import { isKubernetesName } from '../kubernetes/is-kubernetes-name.ts'
import { type Flags, readFlags } from './read-flags.ts'
import { type TargetKind, targetKind } from './target-kind.ts'

/** What a person named, before the cluster is asked. */
export interface Target {
  readonly context?: string
  readonly namespace?: string
  /** Absent: a pod, or the beginning of a pod's or an owner's name. */
  readonly kind?: TargetKind
  /** May be the beginning of a name, and then end with a dash. */
  readonly name: string
}

export type ParsedTarget =
  | { readonly valid: true; readonly target: Target }
  | { readonly valid: false; readonly reason: string }

/** Characters that a person may paste; more is no target. */
const lengthLimit = 1_000
const help = 'Name a pod: for example my-app-5d9cf86b95-26kvf, shop/my-app, or deployment/my-app.'
/** What may stand before a target, in this order: the program, and what it should do. */
const programs: ReadonlySet<string> = new Set(['/imagepull', 'imagepull', 'kubectl', 'k', 'oc'])
const verbs: ReadonlySet<string> = new Set([
  ...['diagnose', 'get', 'describe', 'logs', 'delete', 'edit', 'exec', 'debug', 'events', 'wait'],
  ...['rollout', 'status', 'restart', 'history', 'undo'],
])
/** The column READY of `kubectl get`. */
const ready = /^\d{1,6}\/\d{1,6}$/

/**
 * `pod`, `namespace/pod`, `kind/name`, `namespace/kind/name`, the beginning of a name, `@context` in front; also a line
 * that `kubectl get` printed, or a kubectl command, with the quotes and dashes that chat programs make of plain ones.
 * Before a slash a known kind wins over a namespace of that name, which `-n` can still name.
 */
export function parseTarget(pasted: string): ParsedTarget {
  if (pasted.length > lengthLimit) return invalid(`A target has at most ${lengthLimit} characters.`)
  const lines = pasted.split('\n').filter((line) => line.trim() && !/^\s*(?:NAMESPACE\s+)?NAME\s/.test(line))
  if (lines.length > 1) return invalid(`These are ${lines.length} lines. Name one target.`)
  const { words, ...flags } = readFlags(wordsOf(lines[0] ?? ''))
  const named = nameIn(withoutCommand(words))
  return named ? checked(named, flags) : invalid(help)
}

function wordsOf(line: string): readonly string[] {
  return line
    .replaceAll(/[`'"\u2018-\u201f\u00ab\u00bb]/g, ' ')
    .split(/\s+/)
    .filter((word) => !word.startsWith('<@')) // how Slack writes the mention of a person, or of the bot itself
    .map((word) => word.replace(/^[(<[]/, '').replace(/[.,;:!?)>\]*\u2026]{1,8}$/, ''))
    .filter(Boolean)
}

/** Only in front: a pod may be called `logs`. */
function withoutCommand(words: readonly string[]): readonly string[] {
  let rest = words
  for (const known of [programs, verbs, verbs]) {
    if (rest.length > 1 && known.has(rest[0] ?? '')) rest = rest.slice(1)
  }
  return rest
}

type Named = Pick<Target, 'kind' | 'name' | 'namespace'>

function nameIn([first, second, third]: readonly string[]): Named | undefined {
  if (!first) return undefined
  // `kubectl get` prints name and READY; with -A the namespace first. A Job's line has its status in between.
  if (third && second && ready.test(third) && isKubernetesName(second.replace('/', '.')))
    return { namespace: first, ...slashed(second) }
  if (first.includes('/')) return slashed(first)
  const kind = targetKind(first)
  return kind && second && !ready.test(second) ? { kind, name: second } : { name: first }
}

function slashed(word: string): Named {
  const [first = '', second, ...others] = word.split('/')
  if (second === undefined) return { name: first }
  const kind = targetKind(first)
  if (others.length === 0) return kind ? { kind, name: second } : { namespace: first, name: second }
  const inner = targetKind(second)
  return inner ? { namespace: first, kind: inner, name: others.join('/') } : { name: word }
}

function checked({ kind, name, namespace }: Named, flags: Omit<Flags, 'words'>): ParsedTarget {
  const places = new Set([namespace, flags.namespace].flatMap((it) => it?.toLowerCase() ?? []))
  if (places.size > 1) return invalid(`It names two namespaces: ${[...places].join(' and ')}.`)
  const [place] = places
  const own = name.toLowerCase() // no name has capitals, but phones begin with one
  if (!isKubernetesName(own.replace(/-$/, ''))) return invalid(noName(name))
  if (place !== undefined && (!isKubernetesName(place) || place.includes('.'))) return invalid(noName(place))
  return {
    valid: true,
    target: {
      ...(flags.context && { context: flags.context }),
      ...(place && { namespace: place }),
      ...(kind && { kind }),
      name: own,
    },
  }
}

function noName(name: string): string {
  return name
    ? `"${name}" is not a Kubernetes name: those have lower-case letters, digits, "-" and ".".`
    : `The name is missing. ${help}`
}

function invalid(reason: string): ParsedTarget {
  return { valid: false, reason }
}
