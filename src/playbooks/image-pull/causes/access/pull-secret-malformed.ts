import { maybe } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { correctPullSecret, createPullSecret, watchPod } from '../../advice/remedies.ts'
import { message, type Names, names, reference } from '../../checks/pod.ts'
import { credentials, type NamedSecret, pullSecrets } from '../../checks/pull-secrets.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import type { ContainerPull } from '../../inputs.ts'
import { type PullFinding, pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'
import { credentialsMissing } from './credentials-missing.ts'
import { repositoryMissingOrPrivate } from './repository-missing-or-private.ts'

/** A pull secret exists, but the kubelet cannot use it. */
export const pullSecretMalformed = pullCause({
  id: 'pull-secret-malformed',
  explains: ['pull-secret-malformed', credentialsMissing, repositoryMissingOrPrivate],
  needs: { reference, pullSecrets, credentials: maybe(credentials), message, names },
  explain({ reference, pullSecrets, credentials, message, names }) {
    const broken = pullSecrets.find(({ secret }) => secret?.problem)
    const problem = broken?.secret?.problem
    const host = reference.valid ? reference.reference.host : names.host
    if (!broken || !problem) {
      const { matching = [], empty: [source] = [] } = credentials.known ? credentials.value : {}
      if (source && matching.length === 0)
        return withoutLogin(source, host, message, {
          names,
          named: pullSecrets.find(({ name }) => source.endsWith(`/${name}`)),
        })
      return presumeRow('pull-secret-malformed').explain({ message, names })
    }
    const spoils =
      problem.kind === 'broken' ? text` Because of it, the pod's other pull secrets do not work either.` : text``
    return {
      title: 'Pull secret malformed',
      summary: text`The kubelet cannot use the pull secret ${broken.name}: ${problem.says}.${spoils}`,
      confidence: 'proven',
      because: [
        {
          says: text`secret ${broken.name}: ${problem.says}`,
          source: `API server: get secrets in ${names.namespace}`,
          confidence: 'proven',
        },
        ...kubeletSays(message),
      ],
      remedies: createPullSecret(names, host, {
        name: broken.name,
        manager: broken.manager,
        anew: problem.kind === 'wrong-type',
      }),
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: presumeRow('pull-secret-malformed'),
})

interface Named {
  readonly names: Names
  readonly named: NamedSecret | undefined
}

/** Docker's own configuration file, copied: the logins of a `credsStore` are not in it. */
function withoutLogin(source: string, host: string, message: ContainerPull, { names, named }: Named): PullFinding {
  return {
    title: 'Pull secret contains no login',
    summary: text`${source} names ${host} but has no user name for it, so the node sends no login to ${host}.`,
    confidence: 'proven',
    because: [
      {
        says: text`its entry for ${host} has no user name`,
        source: `API server: ${source}`,
        confidence: 'proven',
      },
      ...kubeletSays(message),
    ],
    remedies: [
      {
        kind: 'action',
        title: text`Put the login itself into the secret: a Docker configuration file that uses a credential helper (credsStore) contains no logins`,
      },
      ...correctPullSecret(names, host, named?.name ?? source, named),
    ],
    verify: [watchPod(names)],
    prevent: [],
  }
}
