import { targetKind } from './kind.ts'
import { hasPodForm } from './owner.ts'

/** A text without the words that name its cluster. */
export interface WithoutCluster {
  readonly text: string
  /** Absent: it names none of the known clusters, or several. */
  readonly cluster?: string
}

/** Words behind which a cluster stands; articles and the word itself may stand between. */
const announces = '(?:on|in|at|from|of|cluster|context|ctx|kubectx|kctx|use-context|env|environment)'
const between =
  '["\'`*_]{0,3}(?:\\s{0,3}[:=]\\s{0,3}|\\s{1,3})["\'`*_]{0,3}(?:(?:the|our|cluster|context)\\s{1,3}){0,2}'
/** At most this many are looked for, each in a text of limited length. */
const most = 200

/**
 * Finds the cluster that a text names in words: `on prod-eu`, `cluster: prod-eu`, `the prod-eu cluster`, `[prod-eu] …`,
 * `prod-eu: …`, `prod-eu shop web`, `prod-eu/shop/web`. The name of a cluster may be that of a namespace, too: `-n prod-eu` and `prod-eu/web`
 * stay as they are.
 */
export function withoutCluster(text: string, clusters: Iterable<string>): WithoutCluster {
  const found = [...clusters]
    .filter((it) => it !== '' && text.includes(it))
    .slice(0, most)
    .map((cluster) => ({ cluster, text: text.replaceAll(patternOf(cluster), cut) }))
    .filter((it) => it.text !== text)
  const [only] = found
  const words = new Set(text.split(/[\s"'`*()[\]{},;|<>=?!]+|[:.](?=\s|$)/))
  const isOneOfSeveral = [...clusters].some((it) => it !== only?.cluster && words.has(it))
  return only && found.length === 1 && !isOneOfSeveral && /[\p{L}\p{N}]/u.test(only.text) ? only : { text }
}

/** Each form on its own: the words around the name go with it, the sign in front of them stays. */
function patternOf(cluster: string): RegExp {
  const name = cluster.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const end = '["\'`*_]{0,3}(?![\\w/@-]|[.:]\\w)(?!\\s{1,3}(?:namespace|ns)\\b)'
  const forms = [
    `(?<![\\w/.-])${announces}${between}${name}${end}(?:\\s{1,3}cluster\\b)?`,
    `(?<![\\w/.:=@-])["'\`*_]{0,3}${name}["'\`*_]{0,3}\\s{1,3}(?:cluster|context)\\b`,
    `[[(]${name}[\\])]`,
    `,\\s{0,3}${name}(?=\\s{0,3}\\))`,
    `^\\s{0,20}["'\`*_]{0,3}${name}["'\`*_]{0,3}(?:\\s{0,3}\\||:(?=\\s))`,
    `^\\s{0,20}${name}\\s{1,5}(?=[a-z0-9-]{1,63}\\s{1,5}[a-z0-9][a-z0-9-]{2,252}\\s{0,5}$)`,
    `(?<![\\w/.:=@-])${name}/(?=[a-z0-9-]{1,63}/[a-z0-9])`,
  ]
  return new RegExp(forms.join('|'), 'gim')
}

/** `prod-eu/deployment/web`, `prod-eu deployment web` and `prod-eu/web-5d9cf86b95-26kvf/app` begin with a namespace. */
function cut(whole: string, at: number, text: string): string {
  if (!/[/\s]$/.test(whole)) return whole.startsWith(',') ? '' : ' '
  const [step = ''] = text.slice(at + whole.length, at + whole.length + 64).split(/[\s/]/)
  return targetKind(step) || hasPodForm(step) ? whole : ''
}
