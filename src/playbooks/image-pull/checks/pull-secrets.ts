import { check, maybe } from '../../../diagnosis/check.ts'
import { type Manager, managerOf } from '../../../gitops/manager.ts'
import type { Pod } from '../../../kubernetes/resources.ts'
import { type Credential, matchCredentials, type PullSecret, readPullSecret } from '../../../registry/auth/keyring.ts'
import { parseReference } from '../../../registry/reference.ts'
import { NotAllowed, theCluster, thePermissions, thePod } from '../inputs.ts'
import { reference } from './pod.ts'

/** One pull secret that the pod names. Passwords are `Secret`s: no saved fact shows them. */
export interface NamedSecret {
  readonly name: string
  /** Absent: there is no such Secret in the pod's namespace. */
  readonly secret?: PullSecret
  /** Who wrote it. */
  readonly manager?: Manager
  /** Images of the pod that it has a login for. Absent: facts that were saved by an earlier version. */
  readonly fits?: readonly string[]
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
        if (!found) return { name }
        const secret = await readPullSecret(`secret ${namespace}/${name}`, found.type, found.data)
        const fits: string[] = []
        for (const image of imagesOf(pod)) if (await hasLogin(secret, image)) fits.push(image)
        return { name, secret, manager: managerOf(found.metadata), fits }
      }),
    )
  },
})

function imagesOf({ spec }: Pod): readonly string[] {
  const containers = [...spec.initContainers, ...spec.containers, ...spec.ephemeralContainers]
  return [...new Set(containers.map(({ image }) => image))]
}

async function hasLogin(secret: PullSecret, image: string): Promise<boolean> {
  const parsed = parseReference(image)
  return parsed.valid && (await matchCredentials([secret], parsed.reference)).some(isLogin)
}

/**
 * An entry without a user name is none: the runtime asks as a stranger then. Docker keeps such entries where the logins
 * are in a credential helper (`credsStore`), which no kubelet reads.
 */
function isLogin({ username }: Pick<Credential, 'username'>): boolean {
  return username !== ''
}

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
    const matching = (await matchCredentials(present, reference.reference)).filter(isLogin)
    return [...new Set(matching.map(({ source }) => source))]
  },
})

/** What the kubelet sends for this image. Logins of the node itself are not seen from here. */
export interface Credentials {
  readonly matching: readonly Credential[]
  /** Secrets that have an entry for it without a login: `secret shop/regcred`. Absent: there is none. */
  readonly empty?: readonly string[]
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
    const all = await matchCredentials(present, reference.reference)
    const empty = [...new Set(all.filter((it) => !isLogin(it)).map(({ source }) => source))]
    return { matching: all.filter(isLogin), ...(empty.length > 0 && { empty }) }
  },
})
