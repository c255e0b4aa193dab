import type { Manager } from '../../../../gitops/manager.ts'
import { isDiscreet, isSameOwner } from '../../../../registry/hosts.ts'
import { joinTexts, text } from '../../../../text.ts'
import { createPullSecret, watchPod } from '../../advice/remedies.ts'
import { message, type Names, names, reference } from '../../checks/pod.ts'
import { credentials, type NamedSecret, pullSecrets } from '../../checks/pull-secrets.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { type PullFinding, pullCause } from '../../model.ts'
import { credentialsMissing } from './credentials-missing.ts'
import { repositoryMissingOrPrivate } from './repository-missing-or-private.ts'

/** The pod's secrets contain logins, but none matches this image's registry by the kubelet's rules. */
export const pullSecretUnmatched = pullCause({
  id: 'pull-secret-unmatched',
  explains: [credentialsMissing, repositoryMissingOrPrivate],
  needs: { reference, credentials, pullSecrets, message, names },
  explain({ reference, credentials, pullSecrets, message, names }) {
    if (!reference.valid || credentials.matching.length > 0 || credentials.empty) return undefined
    const { host, repository } = reference.reference
    const holding = pullSecrets.flatMap(entriesOf)
    const meant = holding.find(({ key }) => isSameOwner(key, host))
    const held = meant ?? holding.find(({ used }) => !used) ?? holding[0]
    if (!held) return undefined
    const sameHost = holding.some(({ key }) => key === host || key.startsWith(`${host}/`))
    const hosts = joinTexts(
      [...new Set(holding.map(({ key }) => key))].slice(0, 5).map((key) => text`${key}`),
      ', ',
    )
    return {
      title: 'Pull secret is for another registry',
      summary: text`The pull secret ${held.name} has a login for ${hosts}, but the image needs ${sameHost ? text`${host}/${repository}, which the path in the secret does not cover` : text`${host}: host and port must be the same`}.`,
      // A login for something else may be there for another image, and a discreet registry hides a wrong name behind a 401.
      confidence: meant || (!held.used && !isDiscreet(host)) ? 'proven' : 'likely',
      because: [
        {
          says: text`it holds a login for ${hosts}`,
          source: `API server: secret ${names.namespace}/${held.name}`,
          confidence: 'proven',
        },
        {
          says: text`so the kubelet sends no login to ${host}; whether that login is right is unknown`,
          source: "the kubelet's matching rules",
          confidence: 'proven',
        },
        ...kubeletSays(message),
      ],
      ...repairOf(held, holding, host, names),
      verify: [watchPod(names)],
      prevent: [],
    }
  },
})

interface Held {
  readonly name: string
  readonly key: string
  readonly manager: Manager | undefined
  /** The secret has a login for another image of the pod. */
  readonly used: boolean
}

function entriesOf({ name, secret, manager, fits = [] }: NamedSecret): readonly Held[] {
  const keys = secret?.entries.filter(({ username }) => username !== '').map(({ key }) => key) ?? []
  return keys.map((key) => ({ name, key, manager, used: fits.length > 0 }))
}

/** A secret that is written anew loses what it held: one that is used, or holds several logins, gets another one beside it. */
function repairOf(
  held: Held,
  all: readonly Held[],
  host: string,
  names: Names,
): Pick<PullFinding, 'remedies' | 'edit'> {
  const { name, manager, used } = held
  const alone = all.filter((it) => it.name === name).length === 1
  if (alone && !used) return { remedies: createPullSecret(names, host, { name, manager }) }
  const added = `pull-${host.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`.slice(0, 63).replace(/-$/, '')
  return {
    remedies: createPullSecret(names, host, { name: added }),
    edit: { why: text`Then give it to the pod, too`, change: { field: 'imagePullSecrets', add: added } },
  }
}
