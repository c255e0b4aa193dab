import { mentionsIn, type Sureness } from './mentions.ts'
import { parseTarget, type Target } from './parse.ts'
import { plainWords } from './plain-words.ts'

/** Characters that are read for a guess. */
const most = 4_000
/** A guess is shown to a person, who corrects it: words that only may be names are left out. */
const sure: readonly Sureness[] = ['named', 'form', 'placed', 'plain']
/** The pods of a StatefulSet. */
const ordinal = /-\d{1,3}$/

/** What a message seems to be about; undefined: nothing. Of several objects one that fails, else the first. */
export function guessTarget(message: string): Target | undefined {
  const text = message.slice(0, most)
  const parsed = parseTarget(text)
  if (parsed.valid && !parsed.target.exact && isSure(text, parsed.target)) return parsed.target
  const mentions = plainWords(text)
    .split('\n')
    .flatMap((line) => mentionsIn(line).mentions)
  const pod = mentions.find(({ name, sureness }) => sureness === 'word' && ordinal.test(name))
  return pod && { name: pod.name, ...(pod.namespace && { namespace: pod.namespace }) }
}

/** Words that a sentence may have by chance are no guess. */
function isSure(text: string, { name, namespace, kind }: Target): boolean {
  if (/[-\d]/.test(name) && (namespace !== undefined || kind !== undefined)) return true
  const mentions = plainWords(text)
    .split('\n')
    .flatMap((line) => mentionsIn(line).mentions)
  return mentions.some((it) => it.name === name && sure.includes(it.sureness))
}

/** As a person would type it: `shop/my-app`, `shop/deployment/my-app`. */
export function typedTarget({ namespace, kind, name }: Target): string {
  const own = kind && kind !== 'pods' ? [kind.replace(/s$/, '')] : []
  return [...(namespace === undefined ? [] : [namespace]), ...own, name].join('/')
}
