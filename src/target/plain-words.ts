/** Characters that are read of one text. */
export const mostCharacters = 20_000

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals colour their text with them
const escapeCodes = /\u001b(?:\[[0-9;?]{0,20}[A-Za-z]|\][^\u0007\u001b]{0,200}(?:\u0007|\u001b\\))/g
const unseen = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
const hyphens = /[\u2010\u2011\u2212\ufe63\uff0d]/g
/** Arrows, bullets, lines of boxes, pictures: whatever is no letter, digit or sign of a keyboard, no quote, dash or ellipsis. */
const ornaments = /[^\p{L}\p{M}\p{N}\s\x21-\x7e\u2012-\u2015\u2018-\u201f\u2026\u00ab\u00bb]/gu
/** `:fire:`, between blanks. */
const pictures = /(?<!\S):[a-z0-9_+'-]{1,60}:(?!\S)/g

/**
 * A text as a person sees it: without the markup of Slack, Markdown and terminals, and without what nobody can see. Lines
 * stay lines. https://docs.slack.dev/messaging/formatting-message-text/#escaping
 */
export function plainWords(text: string): string {
  return text
    .slice(0, mostCharacters)
    .replaceAll(escapeCodes, '')
    .replaceAll(unseen, '')
    .replaceAll(hyphens, '-')
    .replaceAll(/<[@#!][^<>]{0,300}>/g, ' ') // people, channels, groups
    .replaceAll(/<[^<>|]{0,3000}\|([^<>]{0,3000})>/g, ' $1 ')
    .replaceAll(/<((?:https?|mailto):[^<>\s]{0,3000})>/g, ' $1 ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/(?<=\w)["'`*]{1,2}\/["'`*]{1,2}(?=\w)/g, '/') // `shop`/`my-app`
    .replaceAll(pictures, ' ')
    .replaceAll(ornaments, ' ')
}

export interface Word {
  /** Without the quotes, brackets and signs around it. */
  readonly text: string
  /** A colon or an equals sign stood behind it: it says what follows. */
  readonly isKey: boolean
  /** It stood in backticks, quotes or stars: it is meant as it is written. */
  readonly isMarked: boolean
  /** It stood alone in round brackets. */
  readonly isBracketed: boolean
  /** A sign stood behind it that ends a part of a sentence. */
  readonly endsPart: boolean
  /** Where it begins in the line. */
  readonly at: number
}

/** The words of a line. `key=value` and `key:"value"` are two, where the key is one that `isField` knows. */
export function wordsOf(line: string, isField: (key: string) => boolean): readonly Word[] {
  const joined = line.replaceAll(/(\w) = /g, '$1=  ') // as long as before
  return [...joined.matchAll(/[^\s|,{}]+,?/g)].flatMap(({ 0: raw, index }) => {
    const pair = /^[^\w]{0,4}([A-Za-z][\w./-]{0,60})["'`*_]{0,3}[:=]["'`*_]{0,3}([^:=\s].*)$/.exec(raw)
    if (pair?.[1] && pair[2] && isField(pair[1])) {
      const key = { text: pair[1], isKey: true, isMarked: false, isBracketed: false, endsPart: false, at: index }
      return [key, ...wordOf(pair[2], index + raw.length - pair[2].length)]
    }
    return wordOf(raw, index)
  })
}

const before = /^[(<[{"'`*_~$>\u2018-\u201f\u00ab\u00bb]{1,20}/
const behind = /[.,;:!?=)>\]}"'`*_~\u2018-\u201f\u2026\u00ab\u00bb]{1,20}$/

function wordOf(raw: string, at: number): readonly Word[] {
  const start = before.exec(raw)?.[0] ?? ''
  const rest = raw.slice(start.length)
  const end = behind.exec(rest)?.[0] ?? ''
  const text = rest.slice(0, rest.length - end.length).replace(/['\u2019]s$/, '')
  if (text === '') return []
  const isMarked = /["'`*\u2018-\u201f\u00ab\u00bb]/.test(start) && end !== ''
  const isBracketed = start.includes('(') && end.includes(')')
  return [
    { text, isBracketed, isKey: /[:=]/.test(end), isMarked, endsPart: /[.,;!?]/.test(end), at: at + start.length },
  ]
}
