import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import type { Command } from 'commander'
import { redact } from '../../secret.ts'
import { CommandError, type ExitCode, type Io } from '../errors.ts'
import { BadInput, type Reader, type ReaderEntry, type ReadOptions } from './reader.ts'
import { readers } from './readers.ts'

interface FrameOptions extends ReadOptions {
  readonly jsonl: boolean
}

/** Adds `imagepull read <what> [file]`, and `classify`, the old name of `read message`. */
export function addReadCommands(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const read = program.command('read').description('show how imagepull reads a text; contacts nothing')
  for (const entry of readers) addCommand(read, entry.what, entry, io, done)
  const message = readers.find(({ what }) => what === 'message')
  if (message) addCommand(program, 'classify', message, io, done)
}

function addCommand(parent: Command, name: string, entry: ReaderEntry, io: Io, done: (code: ExitCode) => void): void {
  const command = parent
    .command(name, { hidden: name !== entry.what })
    .description(entry.does)
    .argument('[file]', 'a file, or - for standard input', '-')
    .option('--jsonl', 'read one JSON value a line, and print one line for each', false)
    .option('--explain', 'add what matched', false)
  for (const option of entry.options ?? []) command.addOption(option)
  command.action(async (file: string, options: FrameOptions) => done(await runReader(entry, file, options, io)))
}

/** Exit code 2: an input has the wrong form. The other lines are answered nevertheless. */
async function runReader(entry: ReaderEntry, file: string, options: FrameOptions, io: Io): Promise<ExitCode> {
  const reader = await entry.load(options)
  const input = file === '-' ? io.input : createReadStream(file)
  try {
    if (options.jsonl) return await answerLines(input, reader, io)
    const answer = await answerTo(await textOf(input), reader)
    await print(answer.value, io)
    return answer.exitCode
  } catch (error) {
    if (!isUnreadable(error)) throw error
    const hint = 'Name a file, or - for standard input.'
    throw new CommandError(2, 'unreadable', `${file} cannot be read: ${error.message}.`, hint, [], { cause: error })
  }
}

function isUnreadable(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && (error.syscall === 'open' || error.syscall === 'read')
}

interface Answer {
  readonly value: object
  readonly exitCode: ExitCode
}

/** Answers line by line in constant memory: it waits while the reader of the output is slower. */
async function answerLines(input: Readable, reader: Reader, io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const answer = await answerLine(line, reader)
    exitCode = exitCode === 1 ? 1 : answer.exitCode || exitCode
    await print(answer.value, io)
  }
  return exitCode
}

async function answerLine(line: string, reader: Reader): Promise<Answer> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { value: { error: 'the line is not JSON' }, exitCode: 2 }
  }
  return answerTo(value, reader)
}

/** An error, even a defect, affects only its own line. */
async function answerTo(input: unknown, reader: Reader): Promise<Answer> {
  try {
    return { value: await reader(input), exitCode: 0 }
  } catch (error) {
    if (error instanceof BadInput) return { value: { error: redact(error.message) }, exitCode: 2 }
    if (error instanceof CommandError) throw error
    const said = error instanceof Error ? error.message : String(error)
    return { value: { error: `a defect of imagepull: ${redact(said)}` }, exitCode: 1 }
  }
}

async function print(answer: object, io: Io): Promise<void> {
  if (!io.output.write(`${JSON.stringify(answer)}\n`)) await once(io.output, 'drain')
}
