import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'

export interface KubeconfigOptions {
  /** One or more files, as in the variable KUBECONFIG. */
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
}

/** One context, with what it names. */
export interface Kubeconfig {
  readonly context: string
  readonly namespace: string
  /** The cluster's DNS domain, as far as the pod that this runs in tells it. */
  readonly domain?: string
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

/** The names of all contexts. Throws KubeconfigError. */
export function contextNames({ kubeconfig }: Pick<KubeconfigOptions, 'kubeconfig'>): readonly string[] {
  return [...merged(pathsOf(kubeconfig).map(kubeconfigFile)).contexts.keys()]
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
  const domain = clusterDomain(readIfPresent('/etc/resolv.conf'))
  return {
    context: 'in-cluster',
    ...(domain && { domain }),
    namespace: readFileSync(join(serviceAccount, 'namespace'), 'utf8').trim() || 'default',
    cluster: { server: 'https://kubernetes.default.svc', 'certificate-authority': join(serviceAccount, 'ca.crt') },
    user: { tokenFile: join(serviceAccount, 'token') },
  }
}

function readIfPresent(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/**
 * The cluster's DNS domain, by the resolv.conf that the kubelet writes into each pod: it searches `NAMESPACE.svc.DOMAIN`,
 * then `svc.DOMAIN`. undefined: the pod does not use the cluster's DNS.
 * https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export function clusterDomain(resolvConf: string): string | undefined {
  const lines = resolvConf.slice(0, 8_192).split('\n')
  const searched = lines.filter((line) => /^search\s/.test(line)).at(-1)
  const own = searched?.split(/\s+/).find((it) => it.startsWith('svc.') && it.length > 'svc.'.length)
  return own?.slice('svc.'.length).replace(/\.$/, '').toLowerCase()
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

// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
const text = z.string().nullish()
const cluster = z.object({
  server: z.string(),
  'tls-server-name': text,
  'insecure-skip-tls-verify': z.boolean().nullish(),
  'certificate-authority': text,
  'certificate-authority-data': text,
  'proxy-url': text,
})
const user = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-groups': z.array(z.string()).nullish(),
  /** A plugin's; the client library knows what it means. */
  exec: z.looseObject({ command: z.string() }).nullish(),
  'auth-provider': z.looseObject({}).nullish(),
})
const context = z.object({ cluster: z.string(), user: text, namespace: text })

const fileSchema = z.object({
  'current-context': text,
  clusters: z.array(z.object({ name: z.string(), cluster })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context })).nullish(),
  users: z.array(z.object({ name: z.string(), user: user.nullish() })).nullish(),
})

export type KubeconfigCluster = z.infer<typeof cluster>
export type KubeconfigUser = z.infer<typeof user>
type KubeconfigContext = z.infer<typeof context>

interface KubeconfigFile {
  readonly currentContext: string | undefined
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>
  readonly contexts: ReadonlyMap<string, KubeconfigContext>
  readonly users: ReadonlyMap<string, KubeconfigUser>
}

/** One file, with its relative paths made absolute. Throws KubeconfigError. */
function kubeconfigFile(path: string): KubeconfigFile {
  const file = parsed(path, contentOf(path))
  const folder = dirname(resolve(path))
  return {
    currentContext: file['current-context'] || undefined,
    clusters: new Map(file.clusters?.map((it) => [it.name, absolute(it.cluster, folder)])),
    contexts: new Map(file.contexts?.map((it) => [it.name, it.context])),
    users: new Map(file.users?.map((it) => [it.name, absolute(it.user ?? {}, folder)])),
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      throw new KubeconfigError('not-found', `There is no kubeconfig ${path}.`, { cause })
    throw new KubeconfigError('unreadable', `The kubeconfig ${path} cannot be read: ${reason}.`, { cause })
  }
}

/** Neither the YAML error's excerpt nor a value is told: the file holds credentials. */
function parsed(path: string, content: string): z.infer<typeof fileSchema> {
  const file = fileSchema.safeParse(yaml(path, content))
  if (file.success) return file.data
  const reason = file.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`).join('; ')
  throw new KubeconfigError('invalid', `The kubeconfig ${path} is not valid: ${reason}.`)
}

function yaml(path: string, content: string): unknown {
  try {
    return parse(content)
  } catch (error) {
    const where = error instanceof YAMLParseError ? `, line ${error.linePos?.[0].line ?? 1}: ${error.code}` : ''
    throw new KubeconfigError('invalid', `The kubeconfig ${path} is not valid YAML${where}.`)
  }
}

const paths: ReadonlySet<string> = new Set(['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'])

function absolute<Entry extends object>(entry: Entry, folder: string): Entry {
  const known = Object.entries(entry).map(([key, value]) => [
    key,
    paths.has(key) && typeof value === 'string' && value ? resolve(folder, value) : value,
  ])
  return Object.fromEntries(known) // of the same form
}

/** Why no cluster could be chosen from the kubeconfig. */
export type KubeconfigErrorCode = 'not-found' | 'unreadable' | 'invalid' | 'no-such-context' | 'no-cluster'

export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError'
  readonly code: KubeconfigErrorCode

  constructor(code: KubeconfigErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
