import { isKubernetesName } from '../kubernetes/resources.ts'
import { withoutCluster } from './cluster-words.ts'
import { type Flags, readFlags, type TargetKind, targetKind } from './kind.ts'
import { type Mention, mentionsIn, slashedMention, sureness } from './mentions.ts'
import { formerOwners, hasPodForm } from './owner.ts'
import { plainWords } from './plain-words.ts'
import { columnsOf, type Row, rowOf } from './rows.ts'

/** What a person named. The cluster was not asked yet. */
export interface Target {
  readonly context?: string
  readonly namespace?: string
  /** Absent: a pod, or the beginning of a pod's or an owner's name. */
  readonly kind?: TargetKind
  /** A name, or the beginning of one; it may then end with a dash. */
  readonly name: string
  /** The name is a word of a sentence and may be no name at all. It never counts as the beginning of a name. */
  readonly exact?: true
}

export type ParsedTarget =
  /** `others`: further objects that the text names equally clearly, such as other failing rows or pods. */
  | { readonly valid: true; readonly target: Target; readonly others?: readonly Target[] }
  | { readonly valid: false; readonly reason: string }

/** Characters of a text, and targets in one text. */
const limits = { characters: 10_000, others: 4 } as const
const help = 'Name a pod: for example my-app-5d9cf86b95-26kvf, shop/my-app, or deployment/my-app.'
/** The program in front of a command. The verb follows it. */
const programs: ReadonlySet<string> = new Set(['/imagepull', 'imagepull', 'kubectl', 'k', 'oc', 'stern'])
const verbs: ReadonlySet<string> = new Set([
  ...['diagnose', 'get', 'describe', 'logs', 'delete', 'edit', 'exec', 'debug', 'events', 'wait'],
  ...['rollout', 'status', 'restart', 'history', 'undo'],
])
/** Verbs that count only after a program. In a sentence they are ordinary words. */
const furtherVerbs: ReadonlySet<string> = new Set([
  ...['pause', 'resume', 'set', 'image', 'resources', 'env', 'scale', 'autoscale', 'annotate', 'label', 'patch'],
  ...['expose', 'attach', 'port-forward', 'top'],
])

/**
 * Parses a target: `pod`, `namespace/pod`, `kind/name`, `namespace/kind/name`, the beginning of a name, with `@context` in
 * front; a kubectl command; rows that kubectl or k9s printed, of which those count that wait for an image; the fields of
 * `describe` and of manifests; sentences. Removes the markup, quotes and dashes of chat programs and terminals. In front of a
 * slash, a known kind wins over a namespace of the same name, which `-n` can still name.
 * @param clusters Names of clusters that the text may name in words, such as `on prod-eu`.
 */
export function parseTarget(pasted: string, clusters: Iterable<string> = []): ParsedTarget {
  const { text, cluster } = withoutCluster(pasted.slice(0, limits.characters + 1), clusters)
  const parsed = cluster === undefined ? undefined : parseText(text)
  if (!parsed?.valid || cluster === undefined) return parseText(pasted)
  const { target, others } = parsed
  const placed = (it: Target): Target => ({ context: cluster, ...it })
  return { valid: true, target: placed(target), ...(others && { others: others.map(placed) }) }
}

function parseText(pasted: string): ParsedTarget {
  if (pasted.length > limits.characters) return invalid(`A target has at most ${limits.characters} characters.`)
  const lines = plainWords(pasted)
    .split('\n')
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
  const flags = flagsOf(lines)
  const rows = rowsIn(lines)
  if (rows.length > 0) return ofRows(rows, flags)
  const [line = '', ...more] = lines
  if (more.length === 0) return parseLine(line)
  return ofFields(lines, flags) ?? ofList(lines) ?? ofSentence(lines, flags)
}

/** Reads the flags of commands that stand above their output. */
function flagsOf(lines: readonly string[]): Omit<Flags, 'words'> {
  const found: { context?: string; namespace?: string } = {}
  for (const line of lines) {
    const words = wordsOf(line)
    const isCommand = programs.has(withoutPrompt(words)[0] ?? '') || words.some((it) => it.startsWith('@'))
    if (!isCommand && lines.length > 1) continue
    const { context, namespace } = readFlags(words)
    if (context !== undefined) found.context ??= context
    if (namespace !== undefined) found.namespace ??= namespace
  }
  return found
}

function rowsIn(lines: readonly string[]): readonly Row[] {
  let columns: ReturnType<typeof columnsOf>
  const rows: Row[] = []
  for (const line of lines) {
    const head = columnsOf(line)
    if (head) columns = head
    const row = head ? undefined : rowOf(line, columns)
    if (row) rows.push(row)
  }
  return rows
}

/** Uses the last row of each pod, because a watch prints one row for each change. */
function ofRows(rows: readonly Row[], flags: Omit<Flags, 'words'>): ParsedTarget {
  const latest = new Map(rows.map((row) => [`${row.namespace ?? ''}/${row.kind ?? ''}/${row.name}`, row]))
  const all = [...latest.values()]
  const state = (['pull', 'unready', 'fine'] as const).find((it) => all.some((row) => row.state === it))
  return several(all.filter((row) => row.state === state).map((row) => checked(row, flags)))
}

/** Returns the first valid target, and the others. Of the pods of one workload, only the first counts. */
function several(parsed: readonly ParsedTarget[]): ParsedTarget {
  const targets = parsed.flatMap((it) => (it.valid ? [it.target] : []))
  const [target, ...others] = [
    ...new Map(targets.toReversed().map((it) => [workloadKey(it), it])).values(),
  ].toReversed()
  if (!target) return parsed[0] ?? invalid(help)
  return { valid: true, target, ...(others.length > 0 && { others: others.slice(0, limits.others) }) }
}

/** Pods whose names differ only in the random part belong to one workload. */
function workloadKey({ context = '', namespace = '', kind, name }: Target): string {
  const [owner] = kind && kind !== 'pods' ? [] : formerOwners(name)
  return JSON.stringify([context, namespace, owner ? owner.kind : (kind ?? 'pods'), owner?.name ?? name])
}

function parseLine(given: string): ParsedTarget {
  const line = joinedPath(given)
  const { words, ...flags } = readFlags(wordsOf(line))
  const command = withoutPrompt(words)
  const rest = withoutCommand(command)
  const isCommand = rest.length < command.length
  const [first = '', second, third] = rest
  if (first === '') return invalid(help)
  const kind = targetKind(first)
  if (isCommand && /\bgrep\b/.test(line)) return ofPipe(line, flags)
  if (isCommand && kind && second === undefined && command.length > 2) return checked({ name: '' }, flags)
  if (kind && second !== undefined && (third === undefined || isCommand) && !second.includes('/'))
    return checked({ kind, name: second }, flags)
  if (second !== undefined && !isCommand) return ofSentence([line], flags)
  if (/^[a-z][\w.-]{0,60}[=:]./i.test(first) || first.includes('://')) return ofSentence([line], flags)
  if (/[a-z][A-Z]/.test(first) && !/[-./]/.test(first)) return invalid(noName(first)) // `ImagePullBackOff`
  const path = first.includes('/') ? slashedMention(first, 0) : undefined
  return checked(path ?? slashed(first), flags)
}

/** Joins `shop / my-app`, `shop -> my-app` or `shop » deployment » my-app` into a path. The pod's name may stand first. */
function joinedPath(line: string): string {
  const steps = line.trim().split(/\s{1,5}(?:\/|>|->|=>|::|»)\s{1,5}/, 4)
  if (steps.length < 2 || steps.length > 3 || steps.some((it) => !/^[\w.`'"*-]{1,253}$/.test(it) || it.startsWith('-')))
    return line
  const [first = '', second = ''] = steps
  const isTurned = steps.length === 2 && hasPodForm(first) && !hasPodForm(second) && !first.includes('/')
  return (isTurned ? [second, first] : steps).join('/')
}

/** Reads `kubectl get pods -n shop | grep my-app`: the target is the word after grep. */
function ofPipe(line: string, flags: Omit<Flags, 'words'>): ParsedTarget {
  const [, name] = /\bgrep\s+(?:-\S{0,19})?v/.test(line)
    ? []
    : (/\bgrep\s+(?:-\S{1,20}\s+){0,5}["']?([\w./-]{1,253})/.exec(line) ?? [])
  return name ? checked({ name }, readFlags(wordsOf(line.split('|')[0] ?? ''))) : checked({ name: '' }, flags)
}

function wordsOf(line: string): readonly string[] {
  return line
    .replaceAll(/[`'"\u2018-\u201f\u00ab\u00bb]/g, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/^[(<[*_~]{1,8}/, '').replace(/[.,;:!?)>\]*_~\u2026]{1,8}$/, ''))
    .filter(Boolean)
}

/** Removes the words in front of a command: `$`, `maya@laptop:~ %`, `please run`. */
function withoutPrompt(words: readonly string[]): readonly string[] {
  const at = words.slice(0, 5).findIndex((it) => programs.has(it) && (it.length > 1 || words[0] === it))
  if (at > 0 && words.length > at + 1) return words.slice(at)
  return words.length > 1 && /^[$#%>]+$/.test(words[0] ?? '') ? words.slice(1) : words
}

/** Removes program and verb, but only in front: a pod may be called `logs`. */
function withoutCommand(words: readonly string[]): readonly string[] {
  let rest = words
  const isVerb = (word: string): boolean => verbs.has(word) || (rest !== words && furtherVerbs.has(word))
  if (rest.length > 1 && programs.has(rest[0] ?? '')) rest = rest.slice(1)
  for (let at = 0; at < 2 && rest.length > 1 && isVerb(rest[0] ?? ''); at++) rest = rest.slice(1)
  return rest
}

type Named = Pick<Target, 'kind' | 'name' | 'namespace' | 'exact'>

function slashed(word: string): Named {
  const [first = '', second, ...others] = word.split('/')
  if (second === undefined) return { name: first }
  const kind = targetKind(first)
  if (others.length === 0) return kind ? { kind, name: second } : { namespace: first, name: second }
  const inner = targetKind(second)
  return inner ? { namespace: first, kind: inner, name: others.join('/') } : { name: word }
}

/** Reads the first `Name:`, `Namespace:` and `kind:` of `describe`, a manifest or a console. */
function ofFields(lines: readonly string[], flags: Omit<Flags, 'words'>): ParsedTarget | undefined {
  const found = new Map<string, string>()
  for (const line of lines) {
    const [, key = '', value = ''] =
      /^\s{0,20}["']?(name|namespace|kind)["']?\s{0,20}:\s{0,40}["']?([\w./-]{1,253})/i.exec(line) ?? []
    if (key !== '' && !found.has(key.toLowerCase())) found.set(key.toLowerCase(), value)
  }
  const [name, namespace, kind] = [found.get('name'), found.get('namespace'), targetKind(found.get('kind') ?? '')]
  if (name === undefined || (namespace === undefined && kind === undefined)) return undefined
  return checked({ name, ...(namespace && { namespace }), ...(kind && { kind }) }, flags)
}

/** Reads a text that has one target on each line. */
function ofList(lines: readonly string[]): ParsedTarget | undefined {
  const words = lines.map((line) => readFlags(withoutBullet(wordsOf(line))).words)
  if (words.some((it) => it.length !== 1)) return undefined
  const parsed = lines.map((line) => parseLine(withoutBullet(wordsOf(line)).join(' ')))
  return parsed.some((it) => it.valid) ? several(parsed) : undefined
}

function withoutBullet(words: readonly string[]): readonly string[] {
  return words.length > 1 && /^(?:[-*+>]|\d{1,3})$/.test(words[0] ?? '') ? words.slice(1) : words
}

/** Finds the words that are most surely names. A word that is only possibly a name must be the only one. */
function ofSentence(lines: readonly string[], flags: Omit<Flags, 'words'>): ParsedTarget {
  const own = lines.map((line) => mentionsIn(line))
  const places = new Set(own.flatMap(({ namespace }) => namespace ?? []))
  const [place] = places.size === 1 ? places : []
  const mentions = own.flatMap((it) => it.mentions).map((it) => (place ? { namespace: place, ...it } : it))
  const sure = sureness.find((it) => mentions.some((mention) => mention.sureness === it))
  const best = mentions.filter((it) => it.sureness === sure)
  const { namespace: _, ...only } = flags
  const outer = (it: Mention): Omit<Flags, 'words'> => (it.namespace === undefined ? flags : only)
  if (sure === undefined) return invalid(`I found no name in this text. ${help}`)
  if (sure !== 'word' && sure !== 'guess') return several(best.map((it) => checked(it, outer(it))))
  const [first, second, third] = distinct(mentions)
  if (first && second && !third && isPair(lines, [first, second]))
    return checked({ namespace: first.name, name: second.name }, only)
  const pods = best.filter(({ name }) => hasPodForm(name) || /-\d{1,3}$/.test(name))
  if (pods.length > 0) return several(distinct(pods).map((it) => checked({ ...it, exact: true }, outer(it))))
  const [one, another] = distinct(best)
  if (one && !another) return checked({ ...one, exact: true }, outer(one))
  const names = distinct(best).slice(0, 3)
  return invalid(`Several words could be the name: ${names.map(({ name }) => `"${name}"`).join(', ')}. ${help}`)
}

function distinct(mentions: readonly Mention[]): readonly Mention[] {
  return [...new Map(mentions.map((it) => [it.name, it])).values()]
}

/** Whether the text is only `shop my-app`, as in a row of `kubectl get -A`. */
function isPair(lines: readonly string[], [first, second]: readonly [Mention, Mention]): boolean {
  const words = lines.flatMap((line) => wordsOf(line))
  return words.length === 2 && first.namespace === undefined && first.at < second.at && !first.name.includes('.')
}

function checked({ kind, name, namespace, exact }: Named, flags: Omit<Flags, 'words'>): ParsedTarget {
  const places = new Set([namespace, flags.namespace].flatMap((it) => it?.toLowerCase() ?? []))
  if (places.size > 1) return invalid(`This names two namespaces: ${[...places].join(' and ')}.`)
  const [place] = places
  const own = name.toLowerCase() // names have no capitals, but phones capitalise the first letter
  if (!isKubernetesName(own.replace(/-$/, ''))) return invalid(noName(name))
  if (place !== undefined && (!isKubernetesName(place) || place.includes('.'))) return invalid(noName(place))
  return {
    valid: true,
    target: {
      ...(flags.context && { context: flags.context }),
      ...(place && { namespace: place }),
      ...(kind && { kind }),
      name: own,
      ...(exact && { exact }),
    },
  }
}

function noName(name: string): string {
  return name
    ? `"${name.slice(0, 100)}" is not a Kubernetes name. Such names have lower-case letters, digits, "-" and ".".`
    : `The name is missing. ${help}`
}

function invalid(reason: string): ParsedTarget {
  return { valid: false, reason }
}
