import type { EventEmitter } from 'node:events'
import type { Log } from './log.ts'

/** What nobody caught, for as long as it is watched. */
export interface ProcessErrors {
  /** Resolves once this process can no longer be trusted: it is to end, and its supervisor starts it again. */
  readonly fatal: Promise<void>
  stop(): void
}

/**
 * Logs, redacted, what would otherwise end the process at once. A rejected promise has failed alone, and so has a
 * connection without a listener for its errors: the process goes on. Any other exception left some work between two
 * statements, and compiled code that crashed (the embedded database) does not come back: both are fatal.
 */
export function watchProcessErrors(log: Log, watched: Pick<EventEmitter, 'on' | 'off'> = process): ProcessErrors {
  const { promise: fatal, resolve } = Promise.withResolvers<void>()

  function take(kind: 'exception' | 'rejection', error: unknown): void {
    const isFatal = isCrash(error) || (kind === 'exception' && !isOfConnection(error))
    log.error(`nobody caught an error: imagepull ${isFatal ? 'ends' : 'goes on'}`, { kind, error })
    if (isFatal) resolve()
  }

  const exception = (error: unknown): void => take('exception', error)
  const rejection = (error: unknown): void => take('rejection', error)
  watched.on('uncaughtException', exception)
  watched.on('unhandledRejection', rejection)
  return {
    fatal,
    stop() {
      watched.off('uncaughtException', exception)
      watched.off('unhandledRejection', rejection)
    },
  }
}

/** The system's error of a look-up, or on a connection. */
function isOfConnection(error: unknown): boolean {
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : undefined
  return typeof syscall === 'string' && /^(?:read|write|connect|shutdown|getaddrinfo)$/.test(syscall)
}

/** WebAssembly.RuntimeError: compiled code stopped in the middle. */
function isCrash(error: unknown): boolean {
  return error instanceof Error && error.name === 'RuntimeError'
}
