/** The values of a variable: several where a loop or a branch gives several. */
export type Values = readonly string[]

/** What an expansion such as `${X:-v}` stands for. `unknown`: only the run knows, so it stays as it is written. */
export type Expanded =
  | { readonly values: Values }
  | { readonly words: Values }
  | { readonly script: string }
  | { readonly unknown: true }

export interface ExpansionContext {
  /** undefined: it has no value that could be read. */
  variable(name: string): Values | undefined
  array(name: string): Values | undefined
  /** Whether something outside the script sets it to what cannot be read, such as a Secret. */
  isHidden(name: string): boolean
  /** A text with expansions of its own, such as a default. */
  text(of: string): Values | undefined
  assign(name: string, values: Values): void
}

const valueLimit = 4_096
const contentLimit = 1_024

/** Reads one expansion of a POSIX shell or bash. */
export function expand(expansion: string, context: ExpansionContext): Expanded {
  if (expansion.startsWith('`')) return { script: expansion.slice(1, -1) }
  if (expansion.startsWith('$((')) return { unknown: true }
  if (expansion.startsWith('$(')) return { script: expansion.slice(2, -1) }
  const braces = expansion.startsWith('${')
  const content = expansion.slice(braces ? 2 : 1, braces ? -1 : undefined)
  if (content.length > contentLimit) return { unknown: true }
  const parts = /^([A-Za-z_]\w{0,200}|[0-9@*])(\[[@*]\])?(.*)$/s.exec(content)
  const [, name = '', index, operation = ''] = parts ?? []
  if (!parts) return { unknown: true }
  if (index || name === '@' || name === '*') {
    const words = context.array(name)
    return words ? { words } : { unknown: true }
  }
  const values = operation ? operate(name, operation, context) : context.variable(name)
  return values ? { values: values.map((it) => it.slice(0, valueLimit)) } : { unknown: true }
}

function operate(name: string, operation: string, context: ExpansionContext): Values | undefined {
  const values = context.variable(name)
  const [, check, word = ''] = /^(:?[-=+?])(.*)$/s.exec(operation) ?? []
  if (!check) return values && transform(values, operation, context)
  const isSet = values?.some((it) => it !== '' || !check.startsWith(':'))
  if (check.endsWith('+')) return isSet ? context.text(word) : values || !context.isHidden(name) ? [''] : undefined
  if (isSet) return values
  if (context.isHidden(name) || check.endsWith('?')) return undefined
  const given = context.text(word)
  if (given && check.endsWith('=')) context.assign(name, given)
  return given
}

function transform(values: Values, operation: string, context: ExpansionContext): Values | undefined {
  const changed = values.map((value) => changedBy(value, operation, context))
  return changed.every((it) => it !== undefined) ? changed : undefined
}

function changedBy(value: string, operation: string, context: ExpansionContext): string | undefined {
  if (operation === ',,') return value.toLowerCase()
  if (operation === '^^') return value.toUpperCase()
  const slice = /^:(\d{1,4})(?::(\d{1,4}))?$/.exec(operation)
  if (slice) return value.slice(Number(slice[1]), slice[2] ? Number(slice[1]) + Number(slice[2]) : undefined)
  const cut = /^(##?|%%?)(.*)$/s.exec(operation)
  if (cut) return withoutPart(value, cut[1] ?? '', context.text(cut[2] ?? '')?.[0])
  const replaced = /^(\/\/?)((?:\\.|[^/\\]){1,100})(?:\/(.{0,200}))?$/s.exec(operation)
  if (!replaced || /[*?[]/.test(replaced[2] ?? '')) return undefined
  const from = (replaced[2] ?? '').replace(/\\(.)/gs, '$1')
  const to = context.text(replaced[3] ?? '')?.[0]
  if (to === undefined) return undefined
  return replaced[1] === '//' ? value.replaceAll(from, () => to) : value.replace(from, () => to)
}

/** `${X##*\/}`, `${X%:*}`, `${X#v}`: a literal with one star at its outer end, or none. */
function withoutPart(value: string, cut: string, pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined
  const front = cut.startsWith('#')
  const starred = front ? pattern.startsWith('*') : pattern.endsWith('*')
  const literal = starred ? (front ? pattern.slice(1) : pattern.slice(0, -1)) : pattern
  if (/[*?[]/.test(literal) || literal === '') return undefined
  if (!starred) {
    const has = front ? value.startsWith(literal) : value.endsWith(literal)
    if (!has) return value
    return front ? value.slice(literal.length) : value.slice(0, -literal.length)
  }
  const first = front === (cut.length === 1)
  const at = first ? value.indexOf(literal) : value.lastIndexOf(literal)
  if (at < 0) return value
  return front ? value.slice(at + literal.length) : value.slice(0, at)
}
