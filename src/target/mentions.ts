import { isKubernetesName } from '../kubernetes/resources.ts'
import { type TargetKind, targetKind } from './kind.ts'
import { roleOf, wordsOfAddress } from './object-labels.ts'
import { hasLongPodForm, hasPodForm } from './owner.ts'
import { isCommonWord, isNoName, type Word, wordsOf } from './plain-words.ts'

/**
 * How surely a word is the name of an object. `named`: a kind or a namespace stands beside it. `form`: it has the form of a
 * pod's name.
 */
export type Sureness = 'named' | 'form' | 'placed' | 'plain' | 'word' | 'guess'
export const sureness: readonly Sureness[] = ['named', 'form', 'placed', 'plain', 'word', 'guess']

/** An object that a text names, as people, alerts and kubectl write it. */
export interface Mention {
  readonly namespace?: string
  readonly kind?: TargetKind
  readonly name: string
  readonly sureness: Sureness
  /** The name is the value of a field, such as `Pod: web-1`. */
  readonly isField?: true
  /** Its position in the line. */
  readonly at: number
}

export interface LineMentions {
  readonly mentions: readonly Mention[]
  /** The namespace that the line names separately: `in namespace shop`, `-n shop`, `namespace=shop`. */
  readonly namespace?: string
}

/** Words that are followed by the name of something else. */
const others: ReadonlySet<string> = new Set([
  ...[
    'container',
    'image',
    'node',
    'registry',
    'cluster',
    'tag',
    'repository',
    'repo',
    'branch',
    'user',
    'rule',
    'secret',
  ],
  ...['serviceaccount', 'host', 'channel', 'service', 'commit', 'version', 'reason', 'context', 'region', 'kubelet'],
])
/** Words that may stand between a kind and a name. */
const fillers: ReadonlySet<string> = new Set(['generation', 'for', 'named', 'called', 'name', 'the'])
const places: ReadonlySet<string> = new Set(['in', 'inside', 'within'])
const articles: ReadonlySet<string> = new Set(['the', 'our', 'my', 'its', 'this'])
const namespaceWords: ReadonlySet<string> = new Set(['namespace', 'ns', '-n', '--namespace', 'namespaces'])

/** Finds the objects that a line names. Takes linear time. */
export function mentionsIn(line: string): LineMentions {
  const found = mentionsInWords(line)
  const behind = found.mentions.length === 0 && line.includes('://') ? addressesIn(line) : ''
  return behind.trim() === '' ? found : mentionsInWords(behind)
}

function mentionsInWords(line: string): LineMentions {
  const words = wordsOf(line, (key) => roleOf(key) !== undefined)
  const used = new Set<number>()
  const namespace = namespaceIn(words, used)
  const mentions: Mention[] = []
  for (const [index, word] of words.entries()) {
    if (used.has(index)) continue
    if (others.has(word.text.toLowerCase()) && !word.isMarked) {
      skip(words, index + 1, used)
      continue
    }
    const mention = mentionAt(words, index, used)
    if (mention) mentions.push(mention)
  }
  const beside = namespace ?? placeInFront(words, mentions)
  if (beside === undefined) return { mentions }
  const own = namespace === undefined ? mentions.slice(1) : mentions
  return { mentions: own.map((it) => ({ namespace: beside, ...it })), namespace: beside }
}

/** Reads the query and the fragment of the first URLs in a line. */
function addressesIn(line: string): string {
  const addresses = line.match(/\bhttps?:\/\/[^\s<>"|]{1,3000}/gi) ?? []
  return addresses.slice(0, 5).map(wordsOfAddress).join(' ')
}

/** Finds the namespace in `shop my-app-5d9cf86b95-26kvf …`, the beginning of a row of `kubectl get -A`. */
function placeInFront([first, second]: readonly Word[], mentions: readonly Mention[]): string | undefined {
  const [one, pod] = mentions
  const isRow = first && second && one?.at === first.at && pod?.at === second.at
  const isPlaced = isRow && !first.endsPart && !one.kind && pod.sureness === 'form' && pod.namespace === undefined
  return isPlaced && one.sureness !== 'form' && isPlace(one.name) ? one.name : undefined
}

function skip(words: readonly Word[], index: number, used: Set<number>): void {
  const next = words[index]
  if (next && !hasPodForm(next.text) && !targetKind(next.text)) used.add(index)
}

/** Finds the first namespace that a line names separately. */
function namespaceIn(words: readonly Word[], used: Set<number>): string | undefined {
  for (const [index, { text, isKey }] of words.entries()) {
    const at = placeOf(words, index, text.toLowerCase(), isKey)
    const name = at === undefined ? undefined : placeName(words[at])
    if (at === undefined || name === undefined) continue
    used.add(index)
    used.add(at)
    return name
  }
  const flag = words.findIndex(({ text }) => /^-n[=a-z0-9]|^--namespace=/.test(text))
  const name = words[flag]?.text.replace(/^-n=?|^--namespace=/, '')
  if (name !== undefined) used.add(flag)
  return name !== undefined && isPlace(name) ? name : bracketedPlace(words, used)
}

/** Finds the namespace in `web-1 (shop)`: one word in brackets after a name. */
function bracketedPlace(words: readonly Word[], used: Set<number>): string | undefined {
  const at = words.findIndex(
    (it, index) => index > 0 && it.isBracketed && !targetKind(it.text) && /-/.test(words[index - 1]?.text ?? ''),
  )
  const name = placeName(words[at])
  if (name !== undefined) used.add(at)
  return name
}

/** Returns the index of the namespace's name, for a word that may announce it. */
function placeOf(words: readonly Word[], index: number, word: string, isKey: boolean): number | undefined {
  if (isKey && roleOf(word)?.role !== 'namespace') return undefined
  const isBehind = hasPodForm(words[index + 1]?.text ?? '') && words[index - 1]?.endsPart === false
  if (isBehind && placeName(words[index - 1]) !== undefined && namespaceWords.has(word)) return index - 1 // `shop ns: web-1`
  if (isKey) return index + 1
  if (namespaceWords.has(word)) {
    const next = words[index + 1]
    if (next && !isCommonWord(next.text) && placeName(next) !== undefined && !next.text.startsWith('-'))
      return index + 1
    return words[index - 1]?.endsPart === false ? index - 1 : undefined
  }
  if (!places.has(word)) return undefined
  const at = articles.has(words[index + 1]?.text.toLowerCase() ?? '') ? index + 2 : index + 1
  const behind = words[at]?.endsPart ? '' : (words[at + 1]?.text.toLowerCase() ?? '')
  if (namespaceWords.has(words[at]?.text.toLowerCase() ?? '')) return undefined // the rule above handles it
  const isOther = others.has(behind) || targetKind(behind) !== undefined || hasPodForm(words[at]?.text ?? '')
  return isOther || targetKind(words[at]?.text ?? '') ? undefined : at
}

function placeName(word: Word | undefined): string | undefined {
  const name = word?.text.toLowerCase() ?? ''
  if (!word || (!word.isMarked && (isCommonWord(name) || isNoName(word.text)))) return undefined
  return isPlace(name) ? name : undefined
}

function isPlace(name: string): boolean {
  return name.length <= 63 && isKubernetesName(name) && !name.includes('.')
}

function mentionAt(words: readonly Word[], index: number, used: Set<number>): Mention | undefined {
  const word = words[index]
  if (!word) return undefined
  const { text, at } = word
  if (/^-/.test(text) || (word.isKey && !roleOf(text) && !/[/-]/.test(text))) return undefined
  if (text.includes('/')) return slashedMention(text, at)
  const field = word.isKey && !text.includes('-') ? roleOf(text) : undefined
  const kind = field ? undefined : kindOf(word)
  if (field) return fieldMention(words, index, used)
  if (kind) return kindMention(words, index, kind, used)
  const own = ofKubelet(text, at)
  if (own) return own
  const [place = '', name = ''] = text.toLowerCase().split(':')
  if (hasPodForm(name) && isPlace(place) && isKubernetesName(name))
    return { namespace: place, name, sureness: 'named', at }
  return plainMention(words, index, used)
}

/** Reads `web-1_shop(8d1f6b1e-…)`, the form of a pod in the kubelet's log. */
function ofKubelet(text: string, at: number): Mention | undefined {
  const [, name = '', namespace = ''] =
    /^([a-z0-9][a-z0-9.-]{0,252})_([a-z0-9][a-z0-9-]{0,62})(?:\(|$)/.exec(text) ?? []
  return hasPodForm(name) ? { namespace, kind: 'pods', name, sureness: 'named', at } : undefined
}

/** Reads a kind: `pod`, `Deployment`, `statefulsets`. */
function kindOf({ text }: Word): TargetKind | undefined {
  return text.length > 2 || /^(?:po|ds|rs|rc|cj)$/.test(text) ? targetKind(text) : undefined
}

/** Reads `Pod: web-1`, `deployment="my-app"`, `Name: web-1`. */
function fieldMention(words: readonly Word[], index: number, used: Set<number>): Mention | undefined {
  const key = words[index]
  const value = words[index + 1]
  const role = key && roleOf(key.text)?.role
  if (!key || !value || value.isKey || role === 'namespace') return undefined
  used.add(index + 1)
  const kind = targetKind(role ?? '')
  const slashed = value.text.includes('/') ? slashedMention(value.text, key.at) : undefined
  if (slashed) return { ...(kind && { kind }), ...slashed, sureness: 'named' }
  const name = value.text.toLowerCase()
  if (!isKubernetesName(name.replace(/-$/, '')) || role === 'container' || role === 'cluster' || role === 'kind')
    return undefined
  return { ...(kind && { kind }), name, sureness: 'named', isField: true, at: key.at }
}

/** Reads `pod web-1`, `deployment "my-app"`, `Pod shop/web-1`, `Deployment generation for shop/web`. */
function kindMention(words: readonly Word[], index: number, kind: TargetKind, used: Set<number>): Mention | undefined {
  let next = index + 1
  while (next <= index + 2 && fillers.has(words[next]?.text.toLowerCase() ?? '')) next++
  const word = words[next]
  const at = words[index]?.at ?? 0
  if (!word || words[next - 1]?.endsPart) return undefined
  const slashed = word.text.includes('/') ? slashedMention(word.text, at) : ofKubelet(word.text, at)
  const name = slashed ? slashed.name : nameOf(word)
  if (name === undefined) return undefined
  used.add(next)
  if (slashed) return { kind, ...slashed, sureness: 'named' }
  return { kind, name, sureness: word.isMarked || /[-\d]/.test(name) ? 'named' : 'plain', at }
}

/** Returns the word if it may be a name. undefined: it is an ordinary word. */
function nameOf(word: Word): string | undefined {
  const name = word.text.toLowerCase()
  if (!isKubernetesName(name.replace(/-$/, ''))) return undefined
  if (word.isMarked && !isNoName(word.text)) return name
  return isCommonWord(name) || isNoName(word.text) || targetKind(name) ? undefined : name
}

function plainMention(words: readonly Word[], index: number, used: Set<number>): Mention | undefined {
  const [word, next, third] = words.slice(index, index + 3)
  const name = word && nameOf(word)
  if (!word || name === undefined) return undefined
  const { at } = word
  if (hasLongPodForm(name)) return { name, sureness: 'form', at }
  const isSure = word.isMarked || /[-\d]/.test(name)
  const isVerb = !isSure && third !== undefined && nameOf(third) !== undefined // `who owns deployment web`
  const kind = next && !word.endsPart && !isVerb ? kindOf(next) : undefined
  if (kind) used.add(index + 1)
  if (kind) return { ...(kind !== 'pods' && { kind }), name, sureness: isSure ? 'placed' : 'plain', at }
  return { name, sureness: isSure ? 'word' : 'guess', at }
}

/**
 * Reads `shop/web-1`, `pod/web-1`, `Deployment/shop/web`, `shop/deployment/web`, `shop/web-1/container`, and paths of the
 * Kubernetes API and of web consoles. undefined: another path, such as an image.
 */
export function slashedMention(text: string, at: number): Mention | undefined {
  const [path = ''] = text
    .toLowerCase()
    .replace(/^[a-z]+:\/\/[^/]{0,300}/, '')
    .split(/[?#]/)
  const steps = path.split('/').filter(Boolean)
  if (steps.length > 2) return mentionInPath(steps, at, /^[a-z]+:\/\/|^\//i.test(text))
  const [first = '', name = ''] = steps
  if (!isKubernetesName(name.replace(/-$/, '')) || isCommonWord(text) || isNoName(path)) return undefined
  const kind = targetKind(first)
  if (kind) return { kind, name, sureness: 'named', at }
  if (!isPlace(first) || /^[a-z]+:\/\//i.test(text)) return undefined // a path of any site
  return { namespace: first, name, sureness: hasPodForm(name) ? 'named' : 'placed', at }
}

/** Reads the last kind that a name follows. The namespace follows its own word, or stands between kind and name. */
function mentionInPath(steps: readonly string[], at: number, isAddress: boolean): Mention | undefined {
  if (steps.length > 40) return undefined
  const [a = '', b = '', c = ''] = steps
  const kinds = [...steps.keys()].filter((it) => it < steps.length - 1 && targetKind(steps[it] ?? '') !== undefined)
  const found = kinds.at(-1)
  if (found === undefined) {
    const isContainers = !isAddress && steps.length === 3 && hasPodForm(b) && isPlace(a)
    return isContainers ? { namespace: a, name: b, sureness: 'named', at } : undefined
  }
  const kind = targetKind(steps[found] ?? '')
  const placeAt = steps.findIndex((it) => /^(?:namespaces?|ns|project)$/.test(it))
  const rest = steps.slice(found + 1)
  const own = placeAt >= 0 && placeAt < found ? steps[placeAt + 1] : undefined
  const beside = !isAddress && found === 1 && steps.length === 3 ? a : undefined
  const place = own ?? beside ?? placeBehind(rest)
  const name = own !== undefined || beside !== undefined ? rest[0] : (rest[rest.indexOf(place ?? '') + 1] ?? c)
  if (!kind || name === undefined || !isKubernetesName(name) || (place !== undefined && !isPlace(place)))
    return undefined
  return { ...(place !== undefined && { namespace: place }), kind, name, sureness: 'named', at }
}

/** Finds the namespace after a kind. On Google's console, location and cluster come before it. */
function placeBehind(rest: readonly string[]): string | undefined {
  if (rest.length > 3 && /^[a-z]+-[a-z]+\d/.test(rest[0] ?? '')) return rest[2]
  const name = rest.findIndex((it) => hasPodForm(it))
  if (name > 0) return rest[name - 1]
  return rest.length > 1 ? rest[0] : undefined
}
