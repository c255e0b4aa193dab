import type { EventEmitter } from 'node:events'
import type { Log } from './log.ts'

/** A watch on uncaught errors. */
export interface ProcessErrors {
  /** Resolves when this process can no longer be trusted. It must then end, so that its supervisor restarts it. */
  readonly fatal: Promise<void>
  stop(): void
}

/**
 * Logs errors that would otherwise end the process at once. After a rejected promise, or an error of a connection without a
 * listener, the process continues: nothing else is affected. Any other exception may leave work half done, and compiled code
 * that crashed (the embedded database) does not recover: both are fatal.
 */
export function watchProcessErrors(log: Log, watched: Pick<EventEmitter, 'on' | 'off'> = process): ProcessErrors {
  const { promise: fatal, resolve } = Promise.withResolvers<void>()

  function take(kind: 'exception' | 'rejection', error: unknown): void {
    const isFatal = isCrash(error) || (kind === 'exception' && !isOfConnection(error))
    log.error(isFatal ? 'uncaught error: imagepull stops' : 'uncaught error: imagepull continues', { kind, error })
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

/** Whether this is a system error of a DNS lookup or a connection. */
function isOfConnection(error: unknown): boolean {
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : undefined
  return typeof syscall === 'string' && /^(?:read|write|connect|shutdown|getaddrinfo)$/.test(syscall)
}

/** Whether this is a WebAssembly.RuntimeError: compiled code crashed. */
function isCrash(error: unknown): boolean {
  return error instanceof Error && error.name === 'RuntimeError'
}
