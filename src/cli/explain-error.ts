import { ConfigurationError } from '../config/problems.ts'
import { ClusterError, type ClusterErrorCode } from '../kubernetes/errors.ts'
import { KubeconfigError } from '../kubernetes/kubeconfig.ts'
import { QueueError } from '../queue/queue.ts'
import { redact } from '../secret.ts'
import { StoreError, type StoreErrorCode } from '../store/store.ts'
import { CommandError } from './errors.ts'

const clusterHints: Readonly<Record<ClusterErrorCode, string>> = {
  forbidden: 'Request the missing permission (deploy/rbac-readonly.yaml lists all of them), or use another context.',
  unauthorized: 'The credentials are wrong or have expired. Log in to the cluster again, or use another context.',
  unreachable: 'Check the network, the VPN and the address in the kubeconfig. `kubectl cluster-info` should work.',
  timeout: 'Try again. If the cluster is slow, use a longer --timeout.',
  'not-served':
    'The API server does not know this kind of object. Check that it is a Kubernetes API server of a supported version.',
  overloaded: 'The API server is overloaded. Try again in a minute.',
  'server-error': 'The API server failed. Try again, and check its log.',
  'invalid-answer': 'Check whether a proxy stands between this machine and the API server.',
  aborted: 'Try again with a longer --timeout.',
  conflict: 'The object was modified. Try again.',
  'already-exists': 'The object already exists.',
  invalid: 'The API server rejected the object; its message says why.',
}

/** Hints for store errors that prevent `start`. */
const storeHints: Partial<Readonly<Record<StoreErrorCode, string>>> = {
  'in-use': 'Stop the other process, or set IMAGEPULL_DATA_DIR to another directory.',
  unavailable: 'Set IMAGEPULL_DATA_DIR to a writable directory, or set REDIS_URL.',
}

/** Turns any error of a command into one that tells the user what to do. A defect keeps its stack as `cause`. */
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
    const hint = 'Fix the named settings; .env.example and deploy/reference.md list every one.'
    return new CommandError(2, `configuration-${error.code}`, error.message, hint, [], { cause: error })
  }
  if (error instanceof ClusterError) {
    return new CommandError(4, error.code, withPluginWords(error), clusterHints[error.code], [], { cause: error })
  }
  const storeHint = error instanceof StoreError && storeHints[error.code]
  if (storeHint)
    return new CommandError(2, `store-${error.code}`, `imagepull cannot start: ${error.message}.`, storeHint, [], {
      cause: error,
    })
  if (error instanceof QueueError && error.code === 'unavailable') {
    const hint = 'Restore the data directory from a backup, or set IMAGEPULL_DATA_DIR to an empty directory.'
    return new CommandError(2, 'queue-unavailable', `imagepull cannot start: ${error.message}.`, hint, [], {
      cause: error,
    })
  }
  if (isRefusedAddress(error)) {
    const hint = 'Set another PORT or --host, or stop the process that uses it.'
    return new CommandError(2, 'cannot-listen', `imagepull cannot start: ${error.message}.`, hint, [], { cause: error })
  }
  const message = error instanceof Error ? error.message : String(error)
  return new CommandError(
    1,
    'internal',
    `imagepull failed: ${message}`,
    'This is a defect of imagepull. Please report it with this output.',
    [],
    { cause: error },
  )
}

/** Adds the output of the user's own kubeconfig plugin. A terminal may show it; a Slack channel may not. */
function withPluginWords({ code, message, cause }: ClusterError): string {
  return code === 'unauthorized' && cause instanceof Error ? `${message}: ${redact(cause.message.trim())}` : message
}

/** Whether the operating system refused to listen: the port is in use, or the address is not allowed. */
function isRefusedAddress(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen'
}
