import type { Sensitivity } from './names.ts'

/** Characters. A longer value is cut here; the rest is judged by its own form. */
const longest = 8_192

export interface Value {
  readonly start: number
  readonly end: number
  readonly quoted: boolean
}

const quote = /\\{0,8}["'`]|&quot;|&#34;|\\{1,4}u0022|%22/y
// A comma, semicolon or ampersand is part of the value unless another `name=` follows.
const bare = /[^\s"'`<>,;&]{1,2048}(?:[,;&](?!\s|[\w.-]{1,60}\s?[=:]|amp;|quot;)[^\s"'`<>,;&]{1,2048}){0,8}/y

/** Finds the value that begins at `at`: in quotes, escaped or not, or up to the next space. undefined: there is none. */
export function valueAt(text: string, at: number): Value | undefined {
  quote.lastIndex = at
  const opening = quote.exec(text)?.[0]
  if (opening !== undefined) {
    const start = at + opening.length
    return { start, end: closingOf(text, start, opening), quoted: true }
  }
  bare.lastIndex = at
  const word = bare.exec(text)?.[0].replace(/[)\]}.,;:\\]{1,20}$/, '')
  return word ? { start: at, end: at + word.length, quoted: false } : undefined
}

/** Returns the position of the same quote with the same escaping, or of the end of the line if the text was cut before it. */
function closingOf(text: string, start: number, opening: string): number {
  const limit = Math.min(text.length, start + longest)
  for (let at = text.indexOf(opening, start); at >= 0 && at < limit; at = text.indexOf(opening, at + 1))
    if (text[at - 1] !== '\\' || at === start) return at
  const line = text.indexOf('\n', start)
  return line < 0 || line > limit ? limit : line
}

const placeholder =
  /^(?:\[redacted.*|\*+|x{3,}|\.{3}|…|-+|\$\{.*|\$\(.*|\$[A-Z_][A-Z0-9_]*|\{\{.*|<[\w ./-]*>?|%\w+%|true|false|null|none|nil|undefined|yes|no|on|off|~|PASSWORD|USER|USERNAME|TOKEN|SECRET|LOGIN|hidden)$/

// Words that continue a sentence after "password:" or "token:".
const prose =
  /^(?:a|an|the|is|are|was|not|no|of|for|in|on|to|and|or|from|with|by|has|had|have|can|cannot|could|must|may|should|will|be|been|it|its|your|you|this|that|must|unauthorized|unauthenticated|denied|incorrect|invalid|authentication|authorization|required|requires|access|forbidden|fail(?:ed|ure|s)?|errors?|expired|wrong|missing|empty|unexpected|unknown|unsupported|status|provided|anonymous|response|request|server|service|message|code|rpc|basic|bearer|digest|negotiate|oauth2?|github|default|optional|never|always|found|mismatch|rejected|refused|malformed|pull|push|registry|credentials?|password|passwords|username|usernames|token|tokens|secret|secrets|key|keys|login|user|users|account|kubernetes|kubelet|docker|illegal|parsing|parse|decoding|decode|unable|while|when|using|attempt(?:ing)?|please|see|https?)$/i

const versionLike = /^v?\d{1,5}(?:\.\d+)+(?:[-+._][\w.-]*)?$|^v?\d{1,5}$|^latest$/
const tagLike = /^(?:[a-z]{1,12}[-_.])?[0-9a-f.-]+$/
const pathLike = /^(?:~|\.{1,2}|[A-Za-z]:)?[\\/][\w.@\\/-]*$/
const objectName = /^[a-z][a-z]*(?:[-.][a-z0-9]+)*$/

/** `equals`: `name=value`. `colon`: `name: value`. `tag`: `name:value`. `space`: `--name value`. `pair`: `"name", "value"`. */
export type Form = 'equals' | 'colon' | 'tag' | 'space' | 'pair'

/** Whether this value of a sensitive name is itself a secret. `after`: the character that follows it. */
export function isSecretValue(value: string, { quoted }: Value, form: Form, of: Sensitivity, after: string): boolean {
  if (value === '' || placeholder.test(value)) return false
  if (of === 'strong') return isStrongValue(value, quoted, form, after)
  if (value.length < 4 || prose.test(value) || pathLike.test(value) || /^\d{1,5}$/.test(value)) return false
  if (/^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(value)) return false // `shapes.ts` finds credentials in URLs
  if (/^(?:[a-z]{1,8}|secret [\w.-]{1,253}\/[\w.-]{1,253})$/.test(value) && quoted && form === 'colon') return false // a plain word, or the name of a Secret
  if (/^(?:id|type|src|source|target|name|env)=/.test(value)) return false // --secret id=npm,src=.npmrc
  if (form === 'equals' || form === 'space' || (quoted && form === 'colon')) return true
  if (form === 'tag' && (tagLike.test(value) || versionLike.test(value))) return false
  return looksSecret(value) && !objectName.test(value)
}

function isStrongValue(value: string, quoted: boolean, form: Form, after: string): boolean {
  if (form === 'pair') return looksSecret(value) && /\d/.test(value) && !objectName.test(value)
  if (form === 'space' && pathLike.test(value)) return false
  if (quoted || form === 'equals' || form === 'space') return true
  if (form === 'tag' && versionLike.test(value)) return false
  return !prose.test(value) && !after.startsWith(':')
}

/** Whether this is unlike a word of a language: it mixes letters with digits or signs, or is very long. */
export function looksSecret(value: string): boolean {
  if (versionLike.test(value) || /^\d+$/.test(value)) return false
  return (value.length >= 6 && /[A-Za-z]/.test(value) && /[\d!@#$%^&*+~?]/.test(value)) || value.length >= 20
}
