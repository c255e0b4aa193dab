import { readEnvironment } from '../config/environment.ts'
import { readConfiguration } from '../config/read-configuration.ts'
import { readRegistryFiles } from '../config/read-registry-files.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import { connectCluster } from '../kubernetes/connect-cluster.ts'
import { byExec } from '../playbooks/image-pull/detours/by-exec.ts'
import { byServiceProxy } from '../playbooks/image-pull/detours/by-service-proxy.ts'
import type { World } from '../playbooks/image-pull/diagnose.ts'
import { personPolicy } from '../registry/contact.ts'
import { createRegistry } from '../registry/create-registry.ts'
import type { Registry } from '../registry/registry.ts'
import type { Access } from '../registry/with-detours.ts'
import { settingsOf } from './settings-of.ts'

interface WorldOptions {
  readonly kubeconfig?: string
  readonly registryAccess?: Access
  readonly secrets: boolean
}

type Configured = Pick<World, 'cluster' | 'registry' | 'permissions' | 'settings'>

/** What a person at a terminal may look at, with what is configured. Throws ConfigurationError, KubeconfigError. */
export function personWorld(context: string | undefined, options: WorldOptions): Configured {
  const environment = readEnvironment()
  const file = environment.IMAGEPULL_CONFIG
  const configuration = readConfiguration(file)
  const files = readRegistryFiles(file ?? '', configuration.registries)
  const cluster = connectCluster({ kubeconfig: options.kubeconfig ?? environment.KUBECONFIG, context })
  return {
    cluster,
    registry: registryOf(cluster, configuration.registries, files, options.registryAccess),
    permissions: { secrets: options.secrets, registry: options.registryAccess !== 'none' },
    settings: settingsOf(configuration, files),
  }
}

type Registries = ReturnType<typeof readConfiguration>['registries']

/** What is typed wins over what is configured. */
function registryOf(
  cluster: Cluster,
  registries: Registries,
  files: ReturnType<typeof readRegistryFiles>,
  typed: Access | undefined,
): Registry {
  const configured = (host: string) => registries.find((it) => it.host === host)
  return createRegistry({
    policy: {
      ...personPolicy(registries),
      ca: (host) => files.find((it) => it.host === host)?.ca,
    },
    detours: { proxy: byServiceProxy(cluster), exec: byExec(cluster) },
    accessTo: (host) => typed ?? configured(host)?.access ?? 'auto',
  })
}
