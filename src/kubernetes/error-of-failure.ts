import { redact } from '../secret.ts'
import { ClusterError } from './cluster-error.ts'

/** For what never became an answer: the time limit, a caller that no longer waits, or the network. */
export function errorOfFailure(thrown: unknown, asked: string, address: string, signal?: AbortSignal): ClusterError {
  if (thrown instanceof ClusterError) return thrown
  const options = { cause: thrown }
  if (signal?.aborted && !isTimeLimit(signal.reason))
    return new ClusterError('aborted', asked, `stopped before the answer came (${asked})`, options)
  if (signal?.aborted || /TIMEOUT|TIMEDOUT/.test(codeOf(thrown)))
    return new ClusterError('timeout', asked, `the API server ${address} gave no answer in time (${asked})`, options)
  const words = redact(wordsOf(thrown))
  return new ClusterError(
    'unreachable',
    asked,
    `the API server ${address} cannot be reached (${asked}): ${words}`,
    options,
  )
}

function isTimeLimit(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError' // what AbortSignal.timeout() gives
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}

/** Node's AggregateError, for a host with several addresses, has a code and no message. */
function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message || codeOf(thrown) || thrown.name : String(thrown)
}
