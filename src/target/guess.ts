import { isKubernetesName } from '../kubernetes/resources.ts'
import { withoutCluster } from './cluster-words.ts'
import { mentionsIn, type Sureness } from './mentions.ts'
import { parseTarget, type Target } from './parse.ts'
import { isCommonWord, isNoName, plainWords } from './plain-words.ts'

/** Characters of a message that are read. */
const most = 4_000
/** A person sees the guess and can correct it. Words that are only possibly names are left out. */
const sure: readonly Sureness[] = ['named', 'form', 'placed', 'plain']
/** The end of a StatefulSet's pod name. */
const ordinal = /-\d{1,3}$/

/** Guesses the target of a message. undefined: it names none. Of several objects, a failing one wins, else the first. */
export function guessTarget(message: string, clusters: Iterable<string> = []): Target | undefined {
  const text = message.slice(0, most)
  const parsed = parseTarget(text, clusters)
  if (parsed.valid && !parsed.target.exact && isSure(text, parsed.target)) return parsed.target
  const mentions = plainWords(text)
    .split('\n')
    .flatMap((line) => mentionsIn(line).mentions)
  const pod = mentions.find(({ name, sureness }) => sureness === 'word' && ordinal.test(name))
  if (pod) return { name: pod.name, ...(pod.namespace && { namespace: pod.namespace }) }
  const { text: own, cluster } = withoutCluster(text, clusters)
  const cells = plainWords(own).split('\n').map(cellsTarget).find(Boolean)
  return cells && { ...(cluster !== undefined && { context: cluster }), ...cells }
}

/** Severities and states. A line of values from an alert's template contains one of them. */
const stateWords =
  /^(?:critical|crit|warning|warn|info|error|high|medium|low|page|p[1-5]|sev[1-5]|firing|alerting|triggered|(?:Err)?Image\w+)$/i

/** Reads `shop | my-app | critical`: a state or a severity, and exactly two names, of which the first is the namespace. */
function cellsTarget(line: string): Target | undefined {
  const cells = line
    .slice(0, 600)
    .split('|')
    .map((it) => it.trim().replaceAll(/^[`*"']{1,2}|[`*"']{1,2}$/g, ''))
    .filter(Boolean)
  const isTitle = /^\[[A-Z]+(?::\d+)?\] \w+$/.test(cells[0] ?? '')
  const values = isTitle ? cells.slice(1) : cells
  const names = values.filter((it) => !stateWords.test(it))
  const [namespace = '', name = '', more] = names
  const isOdd = names.some((it) => !isKubernetesName(it) || isCommonWord(it) || isNoName(it)) || namespace.includes('.')
  return isOdd || name === '' || more !== undefined || names.length === values.length ? undefined : { namespace, name }
}

/** Whether the target is not just an ordinary word of the sentence. */
function isSure(text: string, { name, namespace, kind }: Target): boolean {
  if (/[-\d]/.test(name) && (namespace !== undefined || kind !== undefined)) return true
  const mentions = plainWords(text)
    .split('\n')
    .flatMap((line) => mentionsIn(line).mentions)
  return mentions.some((it) => it.name === name && sure.includes(it.sureness))
}

/** Writes a target as a person would type it: `shop/my-app`, `shop/deployment/my-app`. */
export function typedTarget({ context, namespace, kind, name }: Target): string {
  const own = kind && kind !== 'pods' ? [kind.replace(/s$/, '')] : []
  const path = [...(namespace === undefined ? [] : [namespace]), ...own, name].join('/')
  return context === undefined ? path : `@${context} ${path}`
}
