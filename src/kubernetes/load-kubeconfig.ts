import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { KubeconfigError } from './kubeconfig-error.ts'
import {
  type KubeconfigCluster,
  type KubeconfigContext,
  type KubeconfigFile,
  type KubeconfigUser,
  kubeconfigFile,
} from './kubeconfig-file.ts'

export interface KubeconfigOptions {
  /** One or more files, as in the variable KUBECONFIG. */
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
}

/** One context, with what it names. */
export interface Kubeconfig {
  readonly context: string
  readonly namespace: string
  readonly cluster: KubeconfigCluster
  readonly user: KubeconfigUser
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * In kubectl's order: the given files, ~/.kube/config, the ServiceAccount of the pod it runs in. The client library's
 * own loader is not used: importing it takes longer than a whole diagnosis, and it knows no `tokenFile` and refuses files
 * that share a name. Throws KubeconfigError.
 */
export function loadKubeconfig({ kubeconfig, context }: KubeconfigOptions): Kubeconfig {
  const paths = pathsOf(kubeconfig)
  if (paths.length === 0) return inCluster()
  const files = paths.map(kubeconfigFile)
  const current = context ?? files.map((it) => it.currentContext).find(Boolean)
  return choose(merged(files), current, `The kubeconfig ${paths.join(', ')}`)
}

/** As kubectl: of several files those that are missing are passed over. */
function pathsOf(kubeconfig: string | undefined): readonly string[] {
  const given = [...new Set(kubeconfig?.split(delimiter).filter(Boolean))]
  const present = given.filter((path) => existsSync(path))
  if (given.length > 0) return present.length > 0 ? present : given
  return [ownPath()].filter((path) => existsSync(path))
}

function ownPath(): string {
  return join(homedir(), '.kube', 'config')
}

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api */
function inCluster(): Kubeconfig {
  if (!existsSync(join(serviceAccount, 'token'))) {
    const message = `No kubeconfig: neither KUBECONFIG nor ${ownPath()}, and this is not a pod of a cluster.`
    throw new KubeconfigError('not-found', message)
  }
  return {
    context: 'in-cluster',
    namespace: readFileSync(join(serviceAccount, 'namespace'), 'utf8').trim() || 'default',
    cluster: { server: 'https://kubernetes.default.svc', 'certificate-authority': join(serviceAccount, 'ca.crt') },
    user: { tokenFile: join(serviceAccount, 'token') },
  }
}

/** As kubectl: the first file that names an entry wins. */
function merged(files: readonly KubeconfigFile[]): Omit<KubeconfigFile, 'currentContext'> {
  const last = files.toReversed()
  return {
    clusters: new Map(last.flatMap((it) => [...it.clusters])),
    contexts: new Map(last.flatMap((it) => [...it.contexts])),
    users: new Map(last.flatMap((it) => [...it.users])),
  }
}

function choose(
  { clusters, contexts, users }: Omit<KubeconfigFile, 'currentContext'>,
  name: string | undefined,
  subject: string,
): Kubeconfig {
  const known = `Contexts: ${[...contexts.keys()].join(', ') || 'none'}.`
  if (!name) throw new KubeconfigError('no-cluster', `${subject} has no current context. ${known}`)
  const context: KubeconfigContext | undefined = contexts.get(name)
  if (!context) throw new KubeconfigError('no-such-context', `${subject} has no context "${name}". ${known}`)
  const cluster = clusters.get(context.cluster)
  if (!cluster) throw new KubeconfigError('no-cluster', `${subject} has no cluster for the context "${name}". ${known}`)
  const wrong = wrongAddress(cluster)
  if (wrong) throw new KubeconfigError('invalid', `${subject} is not valid: the server "${cluster.server}" ${wrong}.`)
  return {
    context: name,
    namespace: context.namespace || 'default',
    cluster,
    user: users.get(context.user ?? '') ?? {},
  }
}

function wrongAddress(cluster: KubeconfigCluster): string | undefined {
  const protocol = URL.parse(cluster.server)?.protocol
  if (protocol === 'https:' || (protocol === 'http:' && cluster['insecure-skip-tls-verify'])) return undefined
  return protocol === 'http:' ? 'would get the credentials without TLS' : 'is not an https address'
}
