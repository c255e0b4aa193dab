import { check, maybe } from '../../../diagnosis/check.ts'
import { type Manager, managerOf } from '../../../gitops/manager.ts'
import { type Credential, matchCredentials, type PullSecret, readPullSecret } from '../../../registry/auth/keyring.ts'
import { NotAllowed, theCluster, thePermissions, thePod } from '../inputs.ts'
import { reference } from './pod.ts'

/** One pull secret that the pod names. Passwords are `Secret`s: no saved fact shows them. */
export interface NamedSecret {
  readonly name: string
  /** Absent: there is no such Secret in the pod's namespace. */
  readonly secret?: PullSecret
  /** Who wrote it. */
  readonly manager?: Manager
}

export const pullSecrets = check({
  id: 'pull-secrets',
  doing: 'Reading pull secrets',
  needs: { cluster: theCluster, permissions: thePermissions, pod: thePod },
  async gather({ cluster, permissions, pod }, signal): Promise<readonly NamedSecret[]> {
    const { namespace } = pod.metadata
    const names = [...new Set(pod.spec.imagePullSecrets.map(({ name }) => name).filter(Boolean))]
    if (names.length > 0 && !permissions.secrets) throw new NotAllowed('pull secrets were not read: --no-secrets')
    return Promise.all(
      names.map(async (name) => {
        const found = await cluster.get('secrets', { namespace, name }, signal)
        return found
          ? {
              name,
              secret: await readPullSecret(`secret ${namespace}/${name}`, found.type, found.data),
              manager: managerOf(found.metadata),
            }
          : { name }
      }),
    )
  },
})

/** The pull secrets that its ServiceAccount has now. They are copied into a pod only when it is made. */
export const serviceAccountSecrets = check({
  id: 'service-account',
  doing: 'Reading its ServiceAccount',
  needs: { cluster: theCluster, pod: thePod },
  async gather({ cluster, pod }, signal) {
    const { namespace } = pod.metadata
    const name = pod.spec.serviceAccountName || 'default'
    const account = await cluster.get('serviceaccounts', { namespace, name }, signal)
    return { name, secrets: account?.imagePullSecrets.map((secret) => secret.name).filter(Boolean) ?? [] }
  },
})

/** Where the ServiceAccount's secrets have a login for this image's registry: `secret shop/regcred`. Empty: none has. */
export const accountLogins = check({
  id: 'account-logins',
  doing: "Reading its ServiceAccount's pull secrets",
  needs: { cluster: theCluster, permissions: thePermissions, pod: thePod, account: serviceAccountSecrets, reference },
  async gather({ cluster, permissions, pod, account, reference }, signal): Promise<readonly string[]> {
    if (!reference.valid || account.secrets.length === 0) return []
    if (!permissions.secrets) throw new NotAllowed('pull secrets were not read: --no-secrets')
    const { namespace } = pod.metadata
    const found = await Promise.all(
      account.secrets.map(async (name) => {
        const secret = await cluster.get('secrets', { namespace, name }, signal)
        return secret && readPullSecret(`secret ${namespace}/${name}`, secret.type, secret.data)
      }),
    )
    const present = found.filter((secret) => secret !== undefined)
    const logins = await matchCredentials(present, reference.reference)
    return [...new Set(logins.map(({ source }) => source))]
  },
})

/** What the kubelet sends for this image. Logins of the node itself are not seen from here. */
export interface Credentials {
  readonly matching: readonly Credential[]
  /** Why the pod's own credentials are unknown; then the answers below are to others than the kubelet's questions. */
  readonly unknown?: string
}

export const credentials = check({
  id: 'credentials',
  doing: 'Choosing the login as the kubelet does',
  needs: { reference, secrets: maybe(pullSecrets) },
  async gather({ reference, secrets }): Promise<Credentials> {
    if (!secrets.known) return { matching: [], unknown: secrets.reason }
    if (!reference.valid) return { matching: [] }
    const present = secrets.value.flatMap(({ secret }) => secret ?? [])
    return { matching: await matchCredentials(present, reference.reference) }
  },
})
