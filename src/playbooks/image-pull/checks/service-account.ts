import { check } from '../../../diagnosis/check.ts'
import { matchCredentials } from '../../../registry/match-credentials.ts'
import { readPullSecret } from '../../../registry/read-pull-secret.ts'
import { theCluster, thePermissions, thePod } from '../givens.ts'
import { NotAllowed } from '../not-allowed.ts'
import { reference } from './reference.ts'

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
    return [...new Set(matchCredentials(present, reference.reference).map(({ source }) => source))]
  },
})
