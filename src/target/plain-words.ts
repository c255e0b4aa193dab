/** Characters of a text that are read. */
export const mostCharacters = 20_000

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals colour their text with them
const escapeCodes = /\u001b(?:\[[0-9;?]{0,20}[A-Za-z]|\][^\u0007\u001b]{0,200}(?:\u0007|\u001b\\))/g
const unseen = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
const hyphens = /[\u2010\u2011\u2212\ufe63\uff0d]/g
/** Arrows, bullets, box lines, pictures: everything but letters, digits, ASCII signs, quotes, dashes and the ellipsis. */
const ornaments = /[^\p{L}\p{M}\p{N}\s\x21-\x7e\u2012-\u2015\u2018-\u201f\u2026\u00ab\u00bb]/gu
/** `:fire:`, between spaces. */
const pictures = /(?<!\S):[a-z0-9_+'-]{1,60}:(?!\S)/g

/**
 * Returns a text as a person sees it: without the markup of Slack, Markdown and terminals, and without invisible characters.
 * Line breaks stay. https://docs.slack.dev/messaging/formatting-message-text/#escaping
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
  /** The word without the quotes, brackets and signs around it. */
  readonly text: string
  /** A colon or an equals sign follows it: it is the name of a field. */
  readonly isKey: boolean
  /** It is in backticks, quotes or stars, so it is meant literally. */
  readonly isMarked: boolean
  /** It is the only word in round brackets. */
  readonly isBracketed: boolean
  /** A punctuation mark that ends a clause follows it. */
  readonly endsPart: boolean
  /** Its position in the line. */
  readonly at: number
}

/** Splits a line into words. `key=value` and `key:"value"` become two words if `isField` knows the key. */
export function wordsOf(line: string, isField: (key: string) => boolean): readonly Word[] {
  const joined = line.replaceAll(/(\w) = /g, '$1=  ') // keeps the length
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

/** Ordinary words of sentences about pods and pulls. They count as no names only within a whole sentence. */
const common: ReadonlySet<string> = new Set(
  `a about after again alert alerts all also am an and any anybody anyone app application are as at away back bad because been
  before being broken broke but by came can cannot cant check checking cluster come comes common container containers could
  crash crashed crashing crashloop currently day days dead deploy deployed deploying deployments did didnt dies do does doesnt
  doing done dont down due during each either else error errors even ever every failed failing fails failure find fine fix fixed
  for forever from gets getting give go goes going gone good got guys had happen happened happening happens has have having
  hello help here hey hi hour hours how i if image images imagepull in info inside into is isnt issue issues it its just keep
  keeps kubernetes last later let like line log logs long look looking looks lot many may maybe me minute minutes moment more
  morning most much my namespace need needs never new next no node nodes none not nothing now of off ok okay old on once one only
  open or other our out over own page pending permission pls please problem problems production pull pulled pulling pulls push
  pushed ready really reason registry release rerun restart restarted restarting right rollout run running runs same saw say
  says scheduled see seem seems seen service services should show since so some somebody somehow someone something soon start
  started starting starts state status still stop stopped stuck such team than thank thanks that the their them then there these
  they thing things this those though time times to today too tried try trying two unable under until up update updated us use
  using very via wait waiting want warning was watch way we week well went were what whats when where which while who whole why
  will with within without won wont work working works would wrong yes yesterday yet you your does't firing resolved critical
  investigate describe diagnose explain tell cannot ask asks anything everything everyone tonight version tag called named name
  longer has non-ready non-running re-run back-off image-pull pull-backoff on-call rolled dont backoff events event object type
  count message progress be fail found`.split(/\s+/),
)
/** Expressions with a slash that are not names. */
const pairs: ReadonlySet<string> = new Set([
  'and/or',
  'n/a',
  'w/o',
  'i/o',
  'ci/cd',
  'yes/no',
  'read/write',
  'on/off',
  'tcp/ip',
  'up/down',
  'true/false',
  'his/her',
])

/** Whether a word of a sentence is an ordinary word, not the name of an object. */
export function isCommonWord(word: string): boolean {
  const small = word.toLowerCase()
  return common.has(small) || pairs.has(small)
}

/** Whether a word cannot be a name: a number, time, version, address, or a word of mixed case such as `ImagePullBackOff`. */
export function isNoName(word: string): boolean {
  return (
    /[a-z][A-Z]|[A-Z]{2}/.test(word) ||
    /^v?\d[\d.:/%+-]*[a-z%]{0,3}\d*[a-z]{0,3}$/i.test(word) ||
    /^(?:\d+[dhms])+$/.test(word) ||
    /^[0-9a-f]{8}-[0-9a-f]{4}-|^[0-9a-f]{12,}$/.test(word) ||
    /^\d{4}-\d\d-\d\d|^ip-\d+-\d+/.test(word)
  )
}
