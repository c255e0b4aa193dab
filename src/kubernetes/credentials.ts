import { readFile } from 'node:fs/promises'
import type { KubeConfig } from '@kubernetes/client-node'
import { z } from 'zod'
import type { Kubeconfig, KubeconfigCluster, KubeconfigUser } from './kubeconfig.ts'

/** What a request needs so that the API server knows who asks, and so that it is that server. */
export interface Login {
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly tls: {
    readonly ca?: string | Buffer
    readonly cert?: string | Buffer
    readonly key?: string | Buffer
    readonly servername?: string
    readonly rejectUnauthorized?: boolean
  }
}

/** Gives the login anew each time: tokens and certificates in files are rotated, and those of plugins expire. */
export function credentials(config: Kubeconfig): () => Promise<Login> {
  const { cluster, user } = config
  let plugin: Promise<KubeConfig> | undefined
  return async () => {
    const headers = { ...(await authorization(user)), ...impersonation(user) }
    const tls = await tlsOf(cluster, user)
    if (!user.exec && !user['auth-provider']) return { headers, tls }
    plugin ??= pluginOf(config)
    const own = await loginOfPlugin(await plugin)
    return { headers: { ...own.headers, ...headers }, tls: { ...tls, ...own.tls } }
  }
}

async function authorization(user: KubeconfigUser): Promise<Record<string, string>> {
  const token = user.tokenFile ? (await readFile(user.tokenFile, 'utf8')).trim() : user.token
  if (token) return { Authorization: `Bearer ${token}` }
  if (!user.username) return {}
  return { Authorization: `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}` }
}

function impersonation(user: KubeconfigUser): Record<string, string | string[]> {
  const groups = user['as-groups'] ?? []
  return {
    ...(user.as && { 'Impersonate-User': user.as }),
    ...(groups.length > 0 && { 'Impersonate-Group': groups }),
  }
}

async function tlsOf(cluster: KubeconfigCluster, user: KubeconfigUser): Promise<Login['tls']> {
  const [ca, cert, key] = await Promise.all([
    pem(cluster['certificate-authority-data'], cluster['certificate-authority']),
    pem(user['client-certificate-data'], user['client-certificate']),
    pem(user['client-key-data'], user['client-key']),
  ])
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster['tls-server-name'] && { servername: cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] && { rejectUnauthorized: false }),
  }
}

async function pem(base64: string | null | undefined, file: string | null | undefined): Promise<Buffer | undefined> {
  if (base64) return Buffer.from(base64, 'base64')
  return file ? readFile(file) : undefined
}

/** The client library runs the plugins (exec, OIDC, clouds) and keeps their tokens until they expire. */
async function pluginOf({ cluster, user }: Kubeconfig): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node') // 0.2 s and more: only for those who need it
  const config = new KubeConfig()
  const { server } = cluster
  config.loadFromOptions({
    clusters: [{ name: 'cluster', server, skipTLSVerify: cluster['insecure-skip-tls-verify'] ?? false }],
    users: [{ name: 'user', exec: user.exec, authProvider: user['auth-provider'] }],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  })
  return config
}

const pluginSchema = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  cert: z.string().optional(),
  key: z.string().optional(),
})

async function loginOfPlugin(config: KubeConfig): Promise<Login> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {}
  await config.applyToHTTPSOptions(options)
  const { headers, cert, key } = pluginSchema.parse(options)
  return { headers, tls: { ...(cert && { cert }), ...(key && { key }) } }
}
