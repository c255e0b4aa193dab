import { type DestinationStream, pino } from 'pino'
import { redact } from '../secret.ts'

/** Writes a static message with its fields. The field `error` may hold an Error. */
type Write = (message: string, fields?: Readonly<Record<string, unknown>>) => void

export interface Log {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
  /** Returns a log that adds fields to every line, such as an incident's id. */
  with(fields: Readonly<Record<string, unknown>>): Log
}

/** Creates a log that writes lines of JSON. Every string in them is redacted. Default destination: standard output. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    messageKey: 'message',
    formatters: { level: nameLevel },
  }
  return logOver(destination ? pino(options, destination) : pino(options), {})
}

function nameLevel(label: string): { readonly level: string } {
  return { level: label }
}

type Fields = Readonly<Record<string, unknown>>

function logOver(logger: ReturnType<typeof pino>, own: Fields): Log {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error'): Write =>
    (message, fields = {}) =>
      logger[level](shown({ ...own, ...fields }), message)
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (fields) => logOver(logger, { ...own, ...fields }),
  }
}

/** Turns an error into its name, message, code and cause. Redacts every string again, in case its source did not. */
function shown(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shownValue(value)]))
}

function shownValue(value: unknown): unknown {
  if (value instanceof Error) {
    const code = 'code' in value && typeof value.code === 'string' ? { code: value.code } : {}
    const cause = value.cause === undefined ? {} : { cause: shownValue(value.cause) }
    return { name: value.name, message: redact(value.message), ...code, ...cause, stack: redact(value.stack ?? '') }
  }
  if (typeof value === 'string') return redact(value)
  if (typeof value !== 'object' || value === null) return value
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? redact(inner) : inner)),
  )
}
