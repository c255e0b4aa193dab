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
export function loadKubeconfig({ kubeconfig, context }: KubeconfigOptions): KubeConfig {
  const paths = pathsOf(kubeconfig)
  if (paths.length === 0) return inCluster()
  const config = merged(paths.map(readFile))
  choose(config, context ?? config.currentContext, `The kubeconfig ${paths.join(', ')}`)
  return config
}

/** As kubectl: of several files those that are missing are passed over. */
function pathsOf(kubeconfig: string | undefined): readonly string[] {
  const given = [...new Set(kubeconfig?.split(delimiter).filter(Boolean))]
  const present = given.filter((path) => existsSync(path))
  if (given.length > 0) return present.length > 0 ? present : given
  return [join(homedir(), '.kube', 'config')].filter((path) => existsSync(path))
}

function inCluster(): KubeConfig {
  if (!existsSync(serviceAccountToken)) {
    const own = join(homedir(), '.kube', 'config')
    const message = `No kubeconfig: neither KUBECONFIG nor ${own}, and this is not a pod of a cluster.`
    throw new KubeconfigError('not-found', message)
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

function unreadable(path: string, cause: unknown): KubeconfigError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') return new KubeconfigError('not-found', `There is no kubeconfig ${path}.`, { cause })
  if (code) return new KubeconfigError('unreadable', `The kubeconfig ${path} cannot be read: ${reason}.`, { cause })
  return new KubeconfigError('invalid', `The kubeconfig ${path} is not valid: ${reason}.`, { cause })
}

/** As kubectl: the first file that sets a value or names an entry wins. The library's own merge does the opposite. */
function merged(configs: readonly KubeConfig[]): KubeConfig {
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: firstOfEachName(configs.flatMap((it) => it.clusters)),
    users: firstOfEachName(configs.flatMap((it) => it.users)),
    contexts: firstOfEachName(configs.flatMap((it) => it.contexts)),
    currentContext: configs.map((it) => it.currentContext).find(Boolean) ?? '',
  })
  return config
}

function firstOfEachName<Entry extends { readonly name: string }>(entries: readonly Entry[]): readonly Entry[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.name, entry])).values()].toReversed()
}

function choose(config: KubeConfig, context: string, subject: string): void {
  const known = config.contexts.map((it) => it.name)
  const contexts = `Contexts: ${known.join(', ') || 'none'}.`
  if (context === '') throw new KubeconfigError('no-cluster', `${subject} has no current context. ${contexts}`)
  if (!known.includes(context))
    throw new KubeconfigError('no-such-context', `${subject} has no context "${context}". ${contexts}`)
  config.setCurrentContext(context)
  const cluster = config.getCurrentCluster()
  if (!cluster)
    throw new KubeconfigError('no-cluster', `${subject} has no cluster for the context "${context}". ${contexts}`)
  const wrong = wrongAddress(cluster.server, cluster.skipTLSVerify)
  if (wrong) throw new KubeconfigError('invalid', `${subject} is not valid: the server "${cluster.server}" ${wrong}.`)
}

function wrongAddress(server: string, skipTLSVerify: boolean | undefined): string | undefined {
  const protocol = URL.parse(server)?.protocol
  if (protocol === 'https:' || (protocol === 'http:' && skipTLSVerify)) return undefined
  return protocol === 'http:' ? 'would get the credentials without TLS' : 'is not an https address'
}
