import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { KubeconfigError } from './kubeconfig-error.ts'

export interface KubeconfigOptions {
  /** One or more files, as in the variable KUBECONFIG. */
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
}

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/** In kubectl's order: the given files, ~/.kube/config, the ServiceAccount of the pod it runs in. Throws KubeconfigError. */
export function loadKubeconfig(options: KubeconfigOptions): KubeConfig {
  const config = load(options.kubeconfig)
  if (options.context !== undefined) choose(config, options.context)
  if (config.getCurrentCluster()) return config
  const known = config.contexts.map((context) => context.name)
  const current = config.currentContext
  throw new KubeconfigError(
    'no-cluster',
    `The kubeconfig has no cluster for the context "${current ?? ''}". Contexts: ${list(known)}.`,
  )
}

function load(files: string | undefined): KubeConfig {
  const own = join(homedir(), '.kube', 'config')
  const chosen = files?.split(delimiter).filter(Boolean) ?? []
  const paths = chosen.length > 0 ? chosen : existsSync(own) ? [own] : []
  const [first, ...others] = paths.map(readFile)
  if (first) {
    for (const other of others) first.mergeConfig(other)
    return first
  }
  if (!existsSync(serviceAccountToken)) {
    throw new KubeconfigError(
      'not-found',
      `No kubeconfig: neither KUBECONFIG nor ${own}, and this is not a pod of a cluster.`,
    )
  }
  const config = new KubeConfig()
  config.loadFromCluster()
  return config
}

function readFile(path: string): KubeConfig {
  const config = new KubeConfig()
  try {
    config.loadFromFile(path)
    return config
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): KubeconfigError {
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return new KubeconfigError('not-found', `There is no kubeconfig ${path}.`, { cause: error })
  if (code)
    return new KubeconfigError('unreadable', `The kubeconfig ${path} cannot be read: ${reason}.`, { cause: error })
  return new KubeconfigError('invalid', `The kubeconfig ${path} is not valid: ${reason}.`, { cause: error })
}

function choose(config: KubeConfig, context: string): void {
  const known = config.contexts.map((it) => it.name)
  if (!known.includes(context)) {
    throw new KubeconfigError(
      'no-such-context',
      `The kubeconfig has no context "${context}". Contexts: ${list(known)}.`,
    )
  }
  config.setCurrentContext(context)
}

function list(names: readonly string[]): string {
  return names.length > 0 ? names.join(', ') : 'none'
}
