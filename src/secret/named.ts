import { endsSensitive, nameHint, type Sensitivity, sensitivityOf } from './names.ts'
import { type Form, isSecretValue, looksSecret, type Value, valueAt } from './values.ts'

/** A range of a text in UTF-16 units. The end is excluded. */
export type Span = readonly [start: number, end: number]

const identifier = /[A-Za-z_][\w.-]{0,119}/g
const closing = String.raw`(?:\\{0,8}["'\`\]]|&quot;|&#34;|\\{1,4}u0022|%22){0,2}`
const assignment = new RegExp(`${closing}\\s{0,8}(=>|:=|={1,3}|:|%3D|%3A)(\\s{0,8})`, 'iy')
const pair = new RegExp(`${closing}\\s{0,4},\\s{0,8}(?=\\\\{0,8}["'\`]|&quot;|%22)`, 'y')
// Between a flag and its value: a space, the next quoted word, the next entry of a YAML list.
const gap = new RegExp(`(?:\\s{1,8}(?:-\\s{1,4})?|${closing}(?:\\s{0,4},|\\s)\\s{0,8}(?=\\\\{0,8}["'\`]))`, 'y')
const said = /(?:\s{1,3}(?:is|was))?\s{1,3}/y
const label = /(?:name|key|header|field|param|property)(?:\\{0,8}["'`])?\s{0,4}[:=]\s{0,4}(?:\\{0,8}["'`])?$/i
const valueAhead = /[^{}[\]<]{0,80}?\bvalue(?:\\{0,8}["'`])?\s{0,4}[:=]\s{0,8}/iy
const valueBehind = /value(?:\\{0,8}["'`])?\s{0,4}[:=]\s{0,4}/iy

/** Finds the values of names such as `password` in any text: code, JSON, YAML, command lines, headers, sentences. */
export function namedSecrets(text: string): readonly Span[] {
  if (!nameHint.test(text)) return []
  const spans: Span[] = []
  identifier.lastIndex = 0
  for (let found = identifier.exec(text); found; found = identifier.exec(text)) {
    const name = found[0].replace(/[.-]+$/, '')
    const sensitivity = sensitivityOf(name)
    if (!sensitivity) continue
    const own = spansOf(text, { name, sensitivity, start: found.index, end: found.index + name.length })
    spans.push(...own)
    identifier.lastIndex = Math.max(found.index + name.length, own.at(-1)?.[1] ?? 0)
  }
  return spans
}

interface Name {
  readonly name: string
  readonly sensitivity: Sensitivity
  readonly start: number
  readonly end: number
}

function spansOf(text: string, of: Name): readonly Span[] {
  const span = assigned(text, of) ?? paired(text, of) ?? element(text, of) ?? following(text, of)
  return span ? [span] : labelled(text, of)
}

function accepted(text: string, at: number, form: Form, sensitivity: Sensitivity): Span | undefined {
  const value = valueAt(text, at)
  if (!value) return undefined
  const after = text[value.end] ?? ''
  return isSecretValue(text.slice(value.start, value.end), value, form, sensitivity, after) ? spanOf(value) : undefined
}

function spanOf({ start, end }: Value): Span {
  return [start, end]
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function assigned(text: string, of: Name): Span | undefined {
  const found = matchAt(assignment, text, of.end)
  if (!found) return undefined
  const [whole, sign = '', space] = found
  const at = of.end + whole.length
  if (text[at] === '|' || text[at] === '>') return yamlBlock(text, of, at)
  if (text[at] === '[' || text[at] === '(') return listed(text, of, at)
  const isColon = sign === ':' || sign.toUpperCase() === '%3A'
  // `registry/token:1.2` and `token-service:main` are images.
  const isTag = isColon && space === '' && whole === sign
  if (isTag && (text[of.start - 1] === '/' || !endsSensitive(of.name))) return undefined
  return accepted(text, at, isTag ? 'tag' : isColon ? 'colon' : 'equals', of.sensitivity)
}

/** Finds the value of `password: |`: the indented lines below it. */
function yamlBlock(text: string, { start }: Name, at: number): Span | undefined {
  const line = text.indexOf('\n', at)
  if (line < 0 || line - at > 4) return flatBlock(text, at)
  const first = text.lastIndexOf('\n', start) + 1
  const indent = text.slice(first, Math.min(start, first + 256)).search(/[^\s-]|$/)
  let end = line
  for (let lines = 0; lines < blockLines && end < text.length; lines += 1) {
    const next = text.indexOf('\n', end + 1)
    const stop = next < 0 ? text.length : next
    const own = text.slice(end + 1, Math.min(stop, end + 1 + 256))
    if (own.trim() !== '' && own.search(/\S/) <= indent) break
    end = stop
  }
  return text.slice(line, end).trim() === '' ? undefined : [line + 1, end]
}

/** The same, with the line breaks removed, as in an event or a log: the value ends at the next `name:`. */
function flatBlock(text: string, at: number): Span | undefined {
  const found = matchAt(/[|>][-+]?\s{1,40}/y, text, at)
  if (!found) return undefined
  const start = at + found[0].length
  const rest = text.slice(start, start + 8_192)
  const end = rest.search(/\s[\w.-]{1,120}:(?:\s|$)/)
  return rest.trim() === '' || rest.startsWith('[redacted') ? undefined : [start, start + (end < 0 ? rest.length : end)]
}

/** Lines of a block that are hidden: more than any private key has. */
const blockLines = 120

/** Finds the values in `tokens: ["a", "b"]` and `auth=("user", "word")`. */
function listed(text: string, { sensitivity, name }: Name, at: number): Span | undefined {
  const inside = text.slice(at + 1, at + 2_000)
  const end = inside.search(text[at] === '[' ? /[\]{]/ : /\)/)
  if (end < 1 || inside[end] === '{' || inside.startsWith('redacted]')) return undefined
  const isList = sensitivity === 'strong' || /(?:token|secret|cred|auth|key)/i.test(name)
  return isList && /["']/.test(inside.slice(0, end)) ? [at + 1, at + 1 + end] : undefined
}

function isFlag(text: string, { start, name }: Name): boolean {
  return text[start - 1] === '-' && endsSensitive(name)
}

/** Finds `x` in `["password", "x"]`, unless it looks like another name. */
function paired(text: string, of: Name): Span | undefined {
  if (isFlag(text, of) || !/["'`]/.test(text[of.end] ?? '')) return undefined
  const found = matchAt(pair, text, of.end)
  return found ? accepted(text, of.end + found[0].length, 'pair', 'strong') : undefined
}

/** Finds `x` in `<password>x</password>`. */
function element(text: string, { start, end }: Name): Span | undefined {
  if (text[end] !== '>' || !/<(?:\w{1,20}:)?$/.test(text.slice(Math.max(0, start - 22), start))) return undefined
  const close = text.indexOf('<', end)
  const stop = close < 0 ? text.length : close
  const value = text.slice(end + 1, stop)
  return (stop < text.length && text[stop + 1] !== '/') ||
    value.trim() === '' ||
    value.startsWith('[redacted') ||
    value.length > 8_192
    ? undefined
    : [end + 1, stop]
}

/** Finds a value after a space: a flag's value, `ENV NAME value`, `password x` in .netrc or in a sentence. */
function following(text: string, of: Name): Span | undefined {
  if (isFlag(text, of)) {
    const found = matchAt(gap, text, of.end)
    const at = of.end + (found?.[0].length ?? 0)
    return !found || /^(?:[|>&-]|\\{0,8}["'`]-)/.test(text.slice(at, at + 10) || '-')
      ? undefined
      : accepted(text, at, 'space', of.sensitivity)
  }
  const before = text.slice(Math.max(0, of.start - 24), of.start)
  const declared = /(?:^|\s)(?:ENV|ARG|setx?|export|setenv)\s{1,4}$/.test(before)
  const found = matchAt(said, text, of.end)
  const value = found ? valueAt(text, of.end + found[0].length) : undefined
  if (!value || text[value.start] === '-') return undefined
  const words = text.slice(value.start, value.end)
  if (declared) return accepted(text, of.end + (found?.[0].length ?? 0), 'equals', of.sensitivity)
  const isName = /^(?:pass(?:word|wd|phrase|code)|pwd|kennwort)$/i.test(of.name)
  if (isName && value.quoted && words !== '' && !words.startsWith('[redacted')) return spanOf(value)
  const spoken = isName || /^(?:token|bearer)$/i.test(of.name) || /_/.test(of.name)
  return spoken && looksSecret(words) && /[\d!#$%^&]/.test(words) && !/[:/([]/.test(words) ? spanOf(value) : undefined
}

/** Finds `x` in `{"name": "DB_PASSWORD", "value": "x"}`, in either order, as JSON, YAML or Go writes it. */
function labelled(text: string, { start, end, sensitivity }: Name): readonly Span[] {
  const from = Math.max(0, start - 40)
  const named = label.exec(text.slice(from, start))
  if (!named) return []
  const spans: Span[] = []
  const ahead = matchAt(valueAhead, text, end)
  const next = ahead && accepted(text, end + ahead[0].length, 'equals', sensitivity)
  const behind = text
    .slice(Math.max(0, start - 600), start)
    .toLowerCase()
    .lastIndexOf('value')
  const before = behind < 0 ? null : matchAt(valueBehind, text, Math.max(0, start - 600) + behind)
  const last = before && accepted(text, valueBehind.lastIndex, 'equals', sensitivity)
  if (last && last[1] < start && !/[{}]/.test(text.slice(last[1], start))) spans.push(last)
  if (next) spans.push(next)
  return spans
}
