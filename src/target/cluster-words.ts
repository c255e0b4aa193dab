import { targetKind } from './kind.ts'
import { hasPodForm } from './owner.ts'

/** A text from which the words that name its cluster were removed. */
export interface WithoutCluster {
  readonly text: string
  /** Absent: the text names no known cluster, or several. */
  readonly cluster?: string
}

/** Words that a cluster's name follows. Articles, and the word `cluster`, may stand in between. */
const announces = '(?:on|in|at|from|of|cluster|context|ctx|kubectx|kctx|use-context|env|environment)'
const between =
  '["\'`*_]{0,3}(?:\\s{0,3}[:=]\\s{0,3}|\\s{1,3})["\'`*_]{0,3}(?:(?:the|our|cluster|context)\\s{1,3}){0,2}'
/** Clusters that are searched for, each in a text of limited length. */
const most = 200

/**
 * Finds the cluster that a text names in words: `on prod-eu`, `cluster: prod-eu`, `the prod-eu cluster`, `[prod-eu] …`,
 * `prod-eu: …`, `prod-eu shop web`, `prod-eu/shop/web`. `-n prod-eu` and `prod-eu/web` stay as they are, because a namespace
 * may have the same name.
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

/** Makes one expression of all forms. It removes the words around the name, but keeps the sign in front of them. */
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

/** Keeps `prod-eu/deployment/web`, `prod-eu deployment web` and `prod-eu/web-5d9cf86b95-26kvf/app`: they begin with a namespace. */
function cut(whole: string, at: number, text: string): string {
  if (!/[/\s]$/.test(whole)) return whole.startsWith(',') ? '' : ' '
  const [step = ''] = text.slice(at + whole.length, at + whole.length + 64).split(/[\s/]/)
  return targetKind(step) || hasPodForm(step) ? whole : ''
}
