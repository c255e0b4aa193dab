import { z } from 'zod'
import { readBuildLog, toLogLines } from '../../builds/log/read.ts'
import { BadInput, type Reader, type ReadOptions } from './reader.ts'

const inputSchema = z.union([
  z.string().transform((log) => ({ log, reason: undefined })),
  z.object({ log: z.string(), reason: z.string().nullish() }),
])

/** Characters from the end of a log that are read. */
const limit = 1_048_576

/** Reads a build's log, or `{"log", "reason"?}`, as `{"class", "line"?, "rerunHelps"}`. */
export function createBuildLogReader({ explain }: ReadOptions): Reader {
  return (input) => {
    const parsed = inputSchema.safeParse(typeof input === 'string' ? unwrapped(input) : input)
    if (!parsed.success) throw new BadInput('expected a string, or {"log": "…", "reason": "…"}')
    const error = readBuildLog(toLogLines(parsed.data.log.slice(-limit)), parsed.data.reason ?? undefined)
    if (!error) return { class: 'unknown', rerunHelps: false }
    const { class: name, line, willRepeat, title, means } = error
    return {
      class: name,
      ...(line && { line }),
      rerunHelps: !willRepeat,
      ...(explain && { explain: { title, means } }),
    }
  }
}

/** A file may hold the object itself. */
function unwrapped(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return text
  try {
    const value: unknown = JSON.parse(text)
    return inputSchema.safeParse(value).success ? value : text
  } catch {
    return text
  }
}
