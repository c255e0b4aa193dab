import { check } from '../../../diagnosis/check.ts'
import { type Manager, managerOf } from '../../../gitops/manager-of.ts'
import { type PullSecret, readPullSecret } from '../../../registry/read-pull-secret.ts'
import { theCluster, thePermissions, thePod } from '../givens.ts'
import { NotAllowed } from '../not-allowed.ts'

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
              secret: readPullSecret(`secret ${namespace}/${name}`, found.type, found.data),
              manager: managerOf(found.metadata),
            }
          : { name }
      }),
    )
  },
})
