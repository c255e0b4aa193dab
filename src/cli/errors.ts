import type { Readable, Writable } from 'node:stream'
import { ConfigurationError } from '../config/problems.ts'
import { ClusterError, type ClusterErrorCode } from '../kubernetes/errors.ts'
import { KubeconfigError } from '../kubernetes/kubeconfig.ts'
import { QueueError } from '../queue/queue.ts'
import { redact } from '../secret.ts'
import { StoreError, type StoreErrorCode } from '../store/store.ts'

/** 1: a defect. 2: usage, configuration. 3: no such target, or several. 4: the cluster cannot be asked. */
export type ExitCode = 0 | 1 | 2 | 3 | 4

/** What a person who typed a command is told: what happened, and the next step. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode
  readonly code: string
  /** What to do about it, in a sentence. */
  readonly hint: string
  readonly candidates: readonly string[]

  constructor(
    exitCode: ExitCode,
    code: string,
    message: string,
    hint: string,
    candidates: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.exitCode = exitCode
    this.code = code
    this.hint = hint
    this.candidates = candidates
  }
}

const clusterHints: Readonly<Record<ClusterErrorCode, string>> = {
  forbidden: 'Ask for the missing permission (deploy/rbac-readonly.yaml has all of them), or use another context.',
  unauthorized: 'The credentials have expired or are wrong: log in to the cluster again, or use another context.',
  unreachable: 'Check the network, the VPN and the address in the kubeconfig; `kubectl cluster-info` should answer.',
  timeout: 'Try again, with a longer --timeout if the cluster is slow.',
  'not-served':
    'This cluster does not know that kind of object: is it a Kubernetes API server, of a supported version?',
  overloaded: 'The API server is busy: try again in a minute.',
  'server-error': 'The API server failed: try again, and see its log.',
  'invalid-answer': 'Is there a proxy between here and the API server?',
  aborted: 'Try again, with a longer --timeout.',
  conflict: 'It changed meanwhile: try again.',
  'already-exists': 'It is there already.',
  invalid: 'The API server takes no such object: see its words.',
}

/** Of those that keep `start` from starting. */
const storeHints: Partial<Readonly<Record<StoreErrorCode, string>>> = {
  'in-use': 'End the other process, or set IMAGEPULL_DATA_DIR to another directory.',
  unavailable: 'Set IMAGEPULL_DATA_DIR to a directory that can be written, or REDIS_URL.',
}

/** Turns whatever ended a command into what a person can act on. A defect keeps its stack as `cause`. */
export function explainError(error: unknown): CommandError {
  if (error instanceof CommandError) return error
  if (error instanceof KubeconfigError) {
    return new CommandError(
      2,
      `kubeconfig-${error.code}`,
      error.message,
      'Give one with --kubeconfig, or set KUBECONFIG.',
      [],
      { cause: error },
    )
  }
  if (error instanceof ConfigurationError) {
    const hint = 'Fix the settings named above. deploy/reference.md lists every setting.'
    return new CommandError(2, `configuration-${error.code}`, error.message, hint, [], { cause: error })
  }
  if (error instanceof ClusterError) {
    return new CommandError(4, error.code, withPluginWords(error), clusterHints[error.code], [], { cause: error })
  }
  const storeHint = error instanceof StoreError && storeHints[error.code]
  if (storeHint)
    return new CommandError(2, `store-${error.code}`, `It cannot start: ${error.message}.`, storeHint, [], {
      cause: error,
    })
  if (error instanceof QueueError && error.code === 'unavailable') {
    const hint = 'Restore the data directory from a backup, or set IMAGEPULL_DATA_DIR to an empty directory.'
    return new CommandError(2, 'queue-unavailable', `It cannot start: ${error.message}.`, hint, [], { cause: error })
  }
  if (isRefusedAddress(error)) {
    const hint = 'Set PORT or --host to another one, or end what listens there.'
    return new CommandError(2, 'cannot-listen', `It cannot start: ${error.message}.`, hint, [], { cause: error })
  }
  const message = error instanceof Error ? error.message : String(error)
  return new CommandError(
    1,
    'internal',
    `imagepull failed: ${message}`,
    'This is a defect: please report it with this output.',
    [],
    { cause: error },
  )
}

/** Whoever runs a command may read what his own kubeconfig's plugin writes; a channel may not. */
function withPluginWords({ code, message, cause }: ClusterError): string {
  return code === 'unauthorized' && cause instanceof Error ? `${message}: ${redact(cause.message.trim())}` : message
}

/** The system's: it is taken, not ours, or not for us. */
function isRefusedAddress(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen'
}

/** What a command reads and writes, so that tests need no process. */
export interface Io {
  readonly input: Readable
  readonly output: Writable & { readonly isTTY?: boolean }
  readonly errors: Writable & { readonly isTTY?: boolean }
}
