import type { Configuration } from '../config/configuration.ts'
import type { RegistryFiles } from '../config/registry-files.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { World } from '../playbooks/image-pull/diagnose.ts'
import { createExecRoute } from '../registry/access/exec.ts'
import { runsInCluster } from '../registry/access/find-service.ts'
import type { Access } from '../registry/access/route.ts'
import { createProxyRoute } from '../registry/access/service-proxy.ts'
import { createRegistry } from '../registry/client.ts'
import { type ContactPolicy, personPolicy, servicePolicy } from '../registry/http/contact-policy.ts'
import { guardedHttp, type Resolve, systemResolve } from '../registry/http/guarded-http.ts'
import { createManners } from '../registry/manners/manners.ts'
import { Secret } from '../secret.ts'
import { toPlaybookSettings } from './from-config.ts'
import { configuredLogins } from './registry-logins.ts'

interface Options {
  readonly configuration: Configuration
  /** Read each time: a mounted login is replaced under its name. */
  readonly registryFiles: () => readonly RegistryFiles[]
  /** Default: the system's. */
  readonly resolve?: Resolve
}

/** What a diagnosis needs of registries. */
type Opened = Pick<World, 'registry' | 'settings'>

/** Opens registry clients as configured. What they share lives as long as this. */
export interface Registries {
  /** For the bot, which answers to everybody in a channel. */
  openForService(cluster: Cluster, answers: 'recent' | 'new'): Opened
  /** For a person at a terminal, perhaps without a cluster. What is typed wins over what is configured. */
  openForPerson(cluster: Cluster | undefined, typed: Access | undefined): Opened
}

export function createRegistries({ configuration, registryFiles, resolve = systemResolve }: Options): Registries {
  const { registries } = configuration
  const manners = createManners()
  const configured = (host: string) => registries.find((it) => it.host === host)
  const logins = configuredLogins(registries, () =>
    guardedHttp({ policy: loginPolicy(registries, registryFiles()), resolve, pace: manners.pace }),
  )

  return {
    openForService(cluster, answers) {
      const files = registryFiles()
      const policy = servicePolicy({
        registries,
        runsInCluster: (host, address) => runsInCluster(cluster, host, address),
        ...certificatesIn(registries, files),
      })
      const registry = createRegistry({
        ...{ policy, resolve, sharing: { manners, cluster: cluster.name, answers } },
        routes: { proxy: createProxyRoute(cluster), exec: createExecRoute(cluster) },
        accessTo: (host) => configured(host)?.access ?? 'auto',
      })
      return { registry, settings: toPlaybookSettings(configuration, files, logins) }
    },
    openForPerson(cluster, typed) {
      const files = registryFiles()
      const policy = { ...personPolicy(registries), ...certificatesIn(registries, files) }
      const registry = createRegistry({
        ...{ policy, resolve, sharing: { manners, cluster: cluster?.name ?? '', answers: 'recent' } },
        ...(cluster && { routes: { proxy: createProxyRoute(cluster), exec: createExecRoute(cluster) } }),
        accessTo: (host) => typed ?? configured(host)?.access ?? 'auto',
      })
      return { registry, settings: toPlaybookSettings(configuration, files, logins) }
    },
  }
}

/** For the exchange of imagepull's own tokens: only the registries for which a login is configured. */
function loginPolicy(registries: Configuration['registries'], files: readonly RegistryFiles[]): ContactPolicy {
  const hosts = new Set(registries.filter(({ login }) => login).map(({ host }) => host))
  return {
    refuses: (host) => (hosts.has(host) ? undefined : 'no login is configured for it'),
    plainHttp: () => false,
    ...certificatesIn(registries, files),
  }
}

/** The CA of a registry is trusted for its token servers, too. Its client certificate is shown to the registry alone. */
function certificatesIn(
  registries: Configuration['registries'],
  files: readonly RegistryFiles[],
): Required<Pick<ContactPolicy, 'ca' | 'clientCertificate'>> {
  const filesOf = (host: string | undefined) => files.find((it) => it.host === host)
  return {
    ca: (host) => filesOf(registries.find((it) => it.tokenHosts.includes(host))?.host)?.ca ?? filesOf(host)?.ca,
    clientCertificate(host) {
      const client = filesOf(host)?.client
      return client && { certificate: client.certificate, key: new Secret(client.key()) }
    },
  }
}
