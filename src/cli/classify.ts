import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { z } from 'zod'
import { type Reading, read } from '../messages/read.ts'
import { rowById } from '../messages/rows.ts'
import { visible } from '../text.ts'
import { CommandError, type ExitCode } from './command-error.ts'
import type { Io } from './io.ts'

export interface ClassifyOptions {
  readonly file: string
  readonly jsonl: boolean
}

const lineSchema = z.object({ message: z.string(), waitingReason: z.string().nullish() })

/** Reads messages and asks nothing. Exit code 2: a line was no message; the others were read all the same. */
export async function classify(options: ClassifyOptions, io: Io): Promise<ExitCode> {
  const input = options.file === '-' ? io.input : createReadStream(options.file)
  try {
    return options.jsonl ? await classifyLines(input, io) : await classifyOne(input, io)
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && error.syscall === 'open')) throw error
    throw new CommandError(
      2,
      'unreadable',
      `${options.file} cannot be read: ${error.message}.`,
      'Name a file, or - for standard input.',
      [],
      { cause: error },
    )
  }
}

/** One line in, one line out, in constant memory: it waits when the reader is slower. */
async function classifyLines(input: Readable, io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const answer = answerTo(line)
    if ('error' in answer) exitCode = 2
    if (!io.output.write(`${JSON.stringify(answer)}\n`)) await once(io.output, 'drain')
  }
  return exitCode
}

function answerTo(line: string): object {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { error: 'the line is no JSON' }
  }
  const parsed = lineSchema.safeParse(value)
  if (!parsed.success) return { error: z.prettifyError(parsed.error) }
  const { kind, cause, host, image } = read(parsed.data.message, parsed.data.waitingReason ?? undefined)
  return { kind, cause, host, image }
}

async function classifyOne(input: Readable, io: Io): Promise<ExitCode> {
  const reading = read((await textOf(input)).trim())
  io.output.write(`${describe(reading).map(visible).join('\n')}\n`)
  return 0
}

function describe(reading: Reading): readonly string[] {
  const row = reading.cause ? rowById(reading.cause) : undefined
  const named = [
    ['Image', reading.image],
    ['Host', reading.host],
    ['Status', reading.status],
    ['Resolver', reading.resolver],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]))
  return [`Kind: ${reading.kind ?? 'none fits'}`, ...(row ? [`Cause: ${row.id} (${row.title})`] : []), ...named]
}
