import { z } from 'zod'
import { type Reading, read } from '../../messages/read.ts'
import { rowById } from '../../messages/rows.ts'
import { BadInput, type Reader, type ReadOptions } from './reader.ts'

const inputSchema = z.union([
  z.string().transform((message) => ({ message, waitingReason: undefined })),
  z.object({ message: z.string(), waitingReason: z.string().nullish() }),
])

/** Reads a message, or `{"message", "waitingReason"?}`, as `{"kind", "cause"?, "host"?, "image"?}`. */
export function createMessageReader({ explain }: ReadOptions): Reader {
  return (input) => {
    const parsed = inputSchema.safeParse(typeof input === 'string' ? unwrapped(input) : input)
    if (!parsed.success) throw new BadInput('expected a string, or {"message": "…", "waitingReason": "…"}')
    const reading = read(parsed.data.message, parsed.data.waitingReason ?? undefined)
    const { kind = 'unknown', cause, host, image } = reading
    return { kind, cause, host, image, ...(explain && { explain: explanationOf(reading) }) }
  }
}

/** A file may hold the object itself, as a bug report does. */
function unwrapped(text: string): unknown {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{')) return trimmed
  try {
    const value: unknown = JSON.parse(trimmed)
    return inputSchema.safeParse(value).success ? value : trimmed
  } catch {
    return trimmed
  }
}

function explanationOf(reading: Reading): object {
  const { kind, cause, host, image, clauses, ...named } = reading
  const row = cause ? rowById(cause) : undefined
  return { title: row?.title, lasting: row?.lasting, clauses, ...named }
}
