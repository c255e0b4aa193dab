import { isKubernetesName } from '../kubernetes/resources.ts'
import { type TargetKind, targetKind } from './kind.ts'
import { hasPodForm } from './owner.ts'
import { isCommonWord } from './plain-words.ts'

/** A row of a table, which describes one object. */
export interface Row {
  readonly namespace?: string
  readonly kind?: TargetKind
  readonly name: string
  /** `pull`: the object waits for its image. */
  readonly state: 'pull' | 'unready' | 'fine'
}

/** The columns of a table, from its header. */
export interface Columns {
  readonly namespaced: boolean
}

const ready = /^\d{1,6}\/\d{1,6}$/
const age = /^\(?(?:\d{1,6}[smhdy]){1,4}\)?$/
const pull =
  /^(?:Init:)?(?:ErrImage\w*|ImagePullBackOff|InvalidImageName|ImageInspectError|RegistryUnavailable|SignatureValidationFailed)$/
const fine = /^(?:Running|Completed|Succeeded|Complete|Active|Bound)$/
/** Values of the column STATUS of pods and Jobs. */
const status =
  /^(?:(?:Init:)?(?:\w*BackOff|Err\w*|\w*Error|InvalidImageName|RegistryUnavailable|SignatureValidationFailed|\d+\/\d+)|Running|Completed?|Succeeded|Pending|ContainerCreating|PodInitializing|Terminating|Unknown|Evicted|Failed|OOMKilled|NotReady|Suspended|Active)$/
const namesBefore = 4

/** Reads the header of a table of kubectl, k9s or Markdown. undefined: the line is no header. */
export function columnsOf(line: string): Columns | undefined {
  const words = cells(line).map((it) => it.toUpperCase())
  const isTable = line.includes('|') && words.filter((it) => headWords.has(it)).length >= 2
  const isHead =
    isTable ||
    /^\W{0,5}(?:NAMESPACE|NAME|LAST SEEN|POD)\b/.test(line) ||
    words.filter((it) => headWords.has(it)).length >= 3
  if (!isHead || words.some((it) => ready.test(it))) return undefined
  return { namespaced: words[0] === 'NAMESPACE' }
}
const headWords: ReadonlySet<string> = new Set(['NAMESPACE', 'NAME', 'POD', 'READY', 'STATUS', 'RESTARTS', 'AGE'])

/** Reads a line that `kubectl get` or a console prints for an object or an event. undefined: the line is no such row. */
export function rowOf(line: string, columns?: Columns): Row | undefined {
  const words = cells(line)
  return eventRow(words, line, columns) ?? objectRow(words, columns)
}

function cells(line: string): readonly string[] {
  return line
    .split(/[\s|]+/)
    .map((word) => word.replaceAll(/^["'`*(>$-]{1,9}(?=[\w<])|["'`*,;]{1,9}$/g, ''))
    .filter((word) => /[\w<]/.test(word))
}

function objectRow(words: readonly string[], columns?: Columns): Row | undefined {
  const readyAt = words.findIndex((it, index) => index > 0 && index <= namesBefore && ready.test(it))
  const statusAt = words.findIndex((it, index) => index > 0 && index <= namesBefore && status.test(it))
  const end = Math.min(...[readyAt, statusAt, columns ? (columns.namespaced ? 2 : 1) : -1].filter((it) => it > 0))
  if (!Number.isFinite(end) || words.length < end) return undefined
  const names = words.slice(0, end).filter((it) => !/^\d{1,4}[.)]?$/.test(it))
  const [first = '', second] = names
  const name = second ?? first
  if (names.length > 2 || (!columns && readyAt < 0 && !isSureRow(words, names))) return undefined
  const own = objectOf(name)
  if (!own || (second !== undefined && !isPlaceOrKind(first))) return undefined
  const kind = second !== undefined && readyAt < 0 ? targetKind(first) : undefined
  const place = second === undefined || kind ? {} : { namespace: first.toLowerCase() }
  return { ...place, ...(kind && { kind }), ...own, state: stateOf(words, words[readyAt]) }
}

/** Whether a row without the column READY is surely not a sentence. */
function isSureRow(words: readonly string[], names: readonly string[]): boolean {
  return names.every((it) => !isCommonWord(it)) && (hasPodForm(names.at(-1) ?? '') || age.test(words.at(-1) ?? ''))
}

function objectOf(word: string): Pick<Row, 'kind' | 'name'> | undefined {
  const [first = '', second, third] = word.toLowerCase().split('/')
  const kind = second === undefined ? undefined : targetKind(first)
  const name = second ?? first
  if (third !== undefined || !isKubernetesName(name) || (second !== undefined && !kind)) return undefined
  return { ...(kind && { kind }), name }
}

function isPlaceOrKind(word: string): boolean {
  return word.length <= 63 && isKubernetesName(word.toLowerCase()) && !word.includes('.')
}

function stateOf(words: readonly string[], counts: string | undefined): Row['state'] {
  if (words.some((it) => pull.test(it))) return 'pull'
  const [is, of] = (counts ?? '').split('/')
  if (words.some((it) => /^(?:Completed?|Succeeded)$/.test(it))) return 'fine'
  if (counts !== undefined && is !== of) return 'unready'
  return counts !== undefined || words.some((it) => fine.test(it)) ? 'fine' : 'unready'
}

/** Reads `5m  Warning  Failed  pod/web-1  Failed to pull image …`, perhaps with a namespace in front. */
function eventRow(words: readonly string[], line: string, columns?: Columns): Row | undefined {
  const type = words.findIndex((it, index) => index <= 6 && (it === 'Warning' || it === 'Normal'))
  const object = type < 0 ? undefined : words.slice(type + 1, type + 4).find((it) => it.includes('/'))
  const own = object === undefined ? undefined : objectOf(object)
  if (!own) return undefined
  const [first = '', second = ''] = words
  const placed = columns?.namespaced || (type > 0 && isPlaceOrKind(first) && !age.test(first) && age.test(second))
  const about = /\bpull|image|BackOff/i.test(line) ? 'pull' : 'unready'
  return { ...(placed && { namespace: first.toLowerCase() }), ...own, state: words[type] === 'Normal' ? 'fine' : about }
}
