import { inspect } from 'node:util'
import { blockSecrets } from './secret/blocks.ts'
import { namedSecrets } from './secret/named.ts'
import { sensitivityOf } from './secret/names.ts'
import { randomSecrets } from './secret/random.ts'
import { shapedSecrets } from './secret/shapes.ts'

const hidden = '[redacted]'

/** A value that logs, JSON and templates never show. Only the code that sends it to its own host calls `reveal`. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  [inspect.custom](): string {
    return hidden
  }
}

/**
 * Replaces everything that looks like a credential by `[redacted]`. Call it on text from outside (events, logs, errors), at
 * its source and again at each exit. Takes linear time for any text.
 */
export function redact(text: string): string {
  if (text.length < shortest) return text
  if (text.length > longest) return `${redact(text.slice(0, longest))} … [${text.length - longest} more characters]`
  const spans = [...namedSecrets(text), ...shapedSecrets(text), ...blockSecrets(text), ...randomSecrets(text)]
  if (spans.length === 0) return text
  const parts: string[] = []
  let at = 0
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (start >= at) parts.push(text.slice(at, start), hidden)
    at = Math.max(at, end)
  }
  return [...parts, text.slice(at)].join('')
}

/** Characters. The rest of a longer text is cut off, so that no text keeps the process busy. */
const longest = 256 * 1_024
/** Characters. `pw=x` is the shortest text that can hold a credential. */
const shortest = 4

/**
 * Redacts plain JSON data: each string in it, and values under the name of a credential, such as the value of
 * `{"name": "DB_PASSWORD", "value": "x"}` and the item after `"--password"` in a list.
 */
export function redactJson(value: unknown): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((it, index) => (followsFlag(value, index) ? hidden : redactJson(it)))
  if (typeof value !== 'object' || value === null) return value
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const isNamed = sensitivityOf(String(fields.name ?? fields.key ?? '')) !== undefined
  return Object.fromEntries(
    Object.entries(fields).map(([key, inner]) => [key, redactField(key, inner, isNamed && key === 'value')]),
  )
}

function redactField(key: string, inner: unknown, isHidden: boolean): unknown {
  if (typeof inner !== 'string') return redactJson(inner)
  if (inner === '' || inner === hidden) return inner
  if (isHidden || sensitivityOf(key) === 'strong') return hidden
  // Redacts the field as text, because the name in front of the value matters.
  const asText = JSON.stringify({ [key]: inner })
  return sensitivityOf(key) && redact(asText) !== asText ? hidden : redact(inner)
}

function followsFlag(list: readonly unknown[], index: number): boolean {
  const [flag, own] = [list[index - 1], list[index]]
  if (typeof flag !== 'string' || typeof own !== 'string' || !/^--?[A-Za-z][\w-]*$/.test(flag)) return false
  return !redact(`${flag} ${own}`).endsWith(own)
}
