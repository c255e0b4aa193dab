import { check } from '../../../diagnosis/check.ts'
import { theCluster, thePod } from '../givens.ts'

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
