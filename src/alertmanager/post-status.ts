import { firingWords, overWords, type Status, statusOfWord } from './alert-status.ts'

/** The state that a post, or a part of it, reports. */
export interface PostStatus {
  /** False: the post says that the alert is over. */
  readonly firing: boolean
  /** The number of firing alerts, if the post gives it. */
  readonly count?: number
}

/** Without `normal`, because Kubernetes also calls the events of a retried pull `Normal`. */
const over = overWords.filter((it) => it !== 'normal').join('|')
/** Words that end an alert if they stand at the beginning: `Resolved #4711: …`, `[OK] …`, `✅ Recovered …`. */
const leads = new RegExp(`^(?:${over})$`, 'i')
const countWords =
  /\b([a-z]{2,12})(?:[ \t]+alerts?)?["'*_\])]{0,3}[ \t]{0,2}(?:[-:=–—(#|×]|x(?= ))[ \t]{0,2}["'*_]{0,3}(\d{1,6})\b/gi
const wordsBehindCount =
  /\b(\d{1,6})[ \t]+(?:alerts?[ \t]+)?(?:is |are |has |have )?(firing|resolved|active|triggered|recovered)\b/gi
const bracketed = /\[\s{0,2}([a-z]{2,12})\s{0,2}[-:–—][ \t]{0,2}(\d{1,6})/gi
const statePair =
  /\b(?:status|state)["'`*_]{0,3}[ \t]{0,3}[:=][ \t"'`*_]{0,6}\n?(?:[ \t]{0,3}:[a-z0-9_+-]{1,40}:)?[ \t"'`*_]{0,6}([a-z]{2,12})\b/gi

/**
 * Finds the state by numbers (`[FIRING:2]`), the first word, `Status: …`, colour, and words at the end of a line, in this
 * order. Contradicting or missing signs count as firing, because a missed alert costs more than a superfluous one.
 */
export function postStatus(text: string, colors: readonly string[]): PostStatus {
  return saidStatus(text, colors) ?? { firing: true }
}

/** Finds the state as `postStatus` does. undefined: the text gives no state. */
export function saidStatus(text: string, colors: readonly string[]): PostStatus | undefined {
  const head = text.slice(0, 1_000)
  const lead = leadOf(head)
  if (lead === 'resolved') return { firing: false }
  const counted = countsIn(head)
  if (counted.firing > 0) return { firing: true, count: counted.firing }
  if (counted.resolved > 0) return { firing: false }
  const states = new Set(
    [...text.slice(0, 4_000).matchAll(statePair)].flatMap(([, word = '']) => statusOfWord(word) ?? []),
  )
  const hues = new Set(colors.flatMap((color) => statusOfColor(color) ?? []))
  const said = [states, hues].find((it) => it.size > 0)
  if (said) return { firing: said.has('firing') || hues.has('firing') }
  if (lead === 'firing') return { firing: true }
  const next = linesOf(head).slice(1, 3).map(leadOf)
  if (!next.includes('firing') && next.includes('resolved')) return { firing: false }
  return endsInWords(head) ? { firing: false } : undefined
}

/** Finds the state from the first word, unless a number belongs to that word. */
function leadOf(text: string): Status | undefined {
  const [line = ''] = linesOf(text)
  const picture = statusOfPicture(line)
  const [, word = '', rest = ''] = /^[^\w\n]{0,20}([a-z]{2,12})\b(.{0,40})/i.exec(line.replaceAll(pictures, ' ')) ?? []
  const hasCount = /^[\])*_ \t]{0,4}(?:alerts?[\])*_ \t]{0,4})?[-:=–—(|][ \t*_]{0,4}\d/i.test(rest)
  if (hasCount) return undefined
  const isSentence = /^ (?:by|when|if|in|after|once)\b/i.test(rest)
  if (leads.test(word) && !isSentence && (/^\s*[\])*_:|#–—-]|^$/.test(rest) || /^[A-Z]/.test(word))) return 'resolved'
  if (/^(?:firing|alerting|triggered|problem)$/i.test(word)) return 'firing'
  return picture
}

/** Returns the lines that contain words. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => /\w/.test(line.replaceAll(pictures, '')))
}

const pictures = /:[a-z0-9_+'-]{1,60}:/g
const overPictures =
  /^[^\w\n]{0,10}(?::(?:white_check_mark|heavy_check_mark|large_green_circle|green_circle|green_heart|tada|large_green_square):|[\u2705\u{1f7e2}\u{1f49a}\u2714])/u
const firingPictures =
  /^[^\w\n]{0,10}(?::(?:fire|rotating_light|red_circle|warning|x|exclamation|bangbang|boom|alert|siren):|[\u{1f525}\u{1f6a8}\u{1f534}\u26a0\u274c])/u

function statusOfPicture(line: string): Status | undefined {
  if (overPictures.test(line)) return 'resolved'
  return firingPictures.test(line) ? 'firing' : undefined
}

/** Reads the counts of firing and resolved alerts from numbers beside such words. */
function countsIn(text: string): { readonly firing: number; readonly resolved: number } {
  const pairs: (readonly [string, string])[] = [
    ...[...text.matchAll(countWords)].flatMap(([, word = '', count = '']) =>
      isCountWord(word) ? [[word, count] as const] : [],
    ),
    ...[...text.matchAll(wordsBehindCount)].map(([, count = '', word = '']) => [word, count] as const),
    ...[...text.matchAll(bracketed)].map(([, word = '', count = '']) => [word, count] as const),
  ]
  const most = (status: Status): number =>
    Math.max(0, ...pairs.filter(([word]) => statusOfWord(word) === status).map(([, count]) => Number(count)))
  return { firing: most('firing'), resolved: most('resolved') }
}

function isCountWord(word: string): boolean {
  return /^(?:firing|resolved|active|alerting|triggered|recovered)$/i.test(word)
}

/** Reads the colours of Alertmanager's and Grafana's templates: `danger` and red for firing, `good` and green for resolved. */
export function statusOfColor(color: string): Status | undefined {
  if (color === 'good') return 'resolved'
  if (color === 'danger' || color === 'warning') return 'firing'
  const [, hex = ''] = /^#?([0-9a-f]{6})$/i.exec(color) ?? []
  if (hex === '') return undefined
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
  if (green > red * 1.3 && green > blue * 1.05) return 'resolved'
  return red > blue * 1.3 && red > green * 1.05 ? 'firing' : undefined
}

/** Whether a line ends in `has been resolved`, `RESOLVED`, `*Resolved*`, and no word says that the alert fires. */
function endsInWords(text: string): boolean {
  const words = '(?:resolved|recovered|closed|cleared)'
  const ends = new RegExp(`\\b${words}\\b[^\\w\\n]{0,20}$|[[(*\`_]${words}[\\])*\`_]`, 'im').test(text)
  const isFiring = new RegExp(`\\b(?:${firingWords.slice(0, 3).join('|')})\\b`, 'i').test(text)
  return ends && !isFiring
}

export interface Heading {
  readonly index: number
  readonly firing: boolean
}

/** `*Resolved:* Pod not ready` is a heading: the alerts below it are over, too. `Resolved: 0` is not. */
const beginning = /^\W{0,20}(firing|resolved)["'*_`]{0,3}:["'*_`]{0,3}[ \t]{0,3}(?![ \t\d-]|false\b|no\b|never\b|n\/a)/i

/** Finds headings: `**Firing**`, `Alerts Resolved:`, `:fire: Firing alerts (2)`. */
export function headingsIn(text: string): readonly Heading[] {
  const headings: Heading[] = []
  let index = 0
  for (const line of text.split('\n')) {
    const words =
      line.length > 120
        ? []
        : (line
            .replaceAll(pictures, ' ')
            .toLowerCase()
            .match(/[a-z]+|\d+/g) ?? [])
    const own = words.filter((it) => it !== 'firing' && it !== 'resolved')
    const said = new Set(words.filter((it) => it === 'firing' || it === 'resolved'))
    const begun = beginning.exec(line)?.[1]?.toLowerCase()
    if (begun) headings.push({ index, firing: begun === 'firing' })
    else if (
      said.size === 1 &&
      own.every((it) => /^\d|^(?:alerts?|the|following|are|is|now|currently|new|list|of)$/.test(it))
    )
      headings.push({ index, firing: said.has('firing') })
    index += line.length + 1
  }
  return headings
}

/** Reads the state at the beginning of an alert's line: `[FIRING] …`, `✅ [RESOLVED] …`. */
export function statusOfLine(text: string, index: number): boolean | undefined {
  const begin = text.lastIndexOf('\n', index - 1) + 1
  const line = text.slice(begin, index)
  const [, word = ''] = /^[^\w\n]{0,20}(firing|resolved)\b/i.exec(line.replaceAll(pictures, ' ')) ?? []
  const said = word === '' ? statusOfPicture(line) : statusOfWord(word)
  return said && said === 'firing'
}
