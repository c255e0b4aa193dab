import { inspect } from 'node:util'
import { mapInTurns } from './event-loop.ts'
import { blockSecrets } from './secret/blocks.ts'
import { namedSecrets, type Span } from './secret/named.ts'
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
 * its source and again at each exit. Takes linear time for any text. Reads the first 16 KiB, and says how much it cut off.
 * `redactLong` is for logs and documents.
 */
export function redact(text: string): string {
  if (text.length < shortest) return text
  if (text.length > longest) return `${redact(text.slice(0, longest))}${cutNote(text.length - longest)}`
  return withoutSpans(text, [...blockSecrets(text), ...spansOf(text)])
}

/** Characters. A hostile text of this length takes about 10 ms. */
const longest = 16 * 1_024
/** Characters. `pw=x` is the shortest text that can hold a credential. */
const shortest = 4

/** Redacts a log or a document of up to 320 KiB. Reads it in windows, and lets other work run between them. */
export async function redactLong(text: string): Promise<string> {
  if (text.length <= longest) return redact(text)
  const read = text.slice(0, longestDocument)
  const found = await mapInTurns(windowsOf(read), 1, (from) =>
    spansOf(read.slice(from, from + longest)).map(([start, end]): Span => [from + start, from + end]),
  )
  const shown = withoutSpans(read, [...blockSecrets(read), ...found.flat()])
  return text.length > longestDocument ? `${shown}${cutNote(text.length - longestDocument)}` : shown
}

/** Characters. */
const longestDocument = 320 * 1_024

/** Where windows begin: at lines, if possible. Each shares 4 to 8 KiB with the next, so that one of them has a credential whole. */
function windowsOf(text: string): readonly number[] {
  const starts = [0]
  for (let from = 0; from + longest < text.length; ) {
    const middle = from + longest / 2
    const line = text.indexOf('\n', middle) + 1
    from = line > 0 && line < middle + longest / 4 ? line : middle
    starts.push(from)
  }
  return starts
}

function spansOf(text: string): readonly Span[] {
  return [...namedSecrets(text), ...shapedSecrets(text), ...randomSecrets(text)]
}

function withoutSpans(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text
  const parts: string[] = []
  let at = 0
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (start >= at) parts.push(text.slice(at, start), hidden)
    at = Math.max(at, end)
  }
  return [...parts, text.slice(at)].join('')
}

function cutNote(characters: number): string {
  return ` … [${characters} more characters]`
}

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
