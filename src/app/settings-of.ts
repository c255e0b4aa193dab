import type { Configuration } from '../config/configuration.ts'
import type { RegistryFiles } from '../config/read-registry-files.ts'
import type { Settings } from '../playbooks/image-pull/settings.ts'
import type { Credential } from '../registry/credential.ts'
import { matchCredentials } from '../registry/match-credentials.ts'
import { readPullSecret } from '../registry/read-pull-secret.ts'

/** The configuration, in the playbook's own terms. */
export function settingsOf(configuration: Configuration, files: readonly RegistryFiles[]): Settings {
  const { gitops, registries, escalation } = configuration
  return {
    gitops,
    mirrors: registries.flatMap(({ host, mirrorOf }) => (mirrorOf ? [{ host, of: mirrorOf }] : [])),
    registryRestarts: escalation.registryRestarts,
    login: (host) => loginOf(host, files),
  }
}

/** A Docker configuration file is what a pull secret holds, so it is read and matched in the same way. */
function loginOf(host: string, files: readonly RegistryFiles[]): Credential | undefined {
  const json = files.find((it) => it.host === host)?.credentials?.()
  if (!json) return undefined
  const data = { '.dockerconfigjson': Buffer.from(json).toString('base64') }
  const secret = readPullSecret(`the configured login for ${host}`, 'kubernetes.io/dockerconfigjson', data)
  return matchCredentials([secret], { host, repository: '' })[0]
}
