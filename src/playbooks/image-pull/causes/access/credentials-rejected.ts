import { maybe, type Observation } from '../../../../diagnosis/check.ts'
import { text } from '../../../../text.ts'
import { correctPullSecret, watchPod } from '../../advice/remedies.ts'
import { nodeLogin } from '../../checks/node-login.ts'
import { message, type Names, names, reference } from '../../checks/pod.ts'
import { type Credentials, credentials, type NamedSecret, pullSecrets } from '../../checks/pull-secrets.ts'
import { loggedInWithoutRights, type ManifestSeen, manifest } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import type { ContainerPull } from '../../inputs.ts'
import { type PullFinding, pullCause } from '../../model.ts'
import { presumeOfNode } from '../../text-causes.ts'

/** The pod's login was sent, and the registry rejects it. */
export const credentialsRejected = pullCause({
  id: 'credentials-rejected',
  explains: ['auth-required', 'auth-denied'],
  needs: { reference, manifest, secrets: maybe(pullSecrets), message, names },
  explain({ reference, manifest, secrets, message, names }) {
    const { answer, tried } = manifest
    if (!reference.valid) return undefined
    if (tried.length === 0) return ofNode(manifest, message, names)
    if (answer.status !== 'unauthorized') return undefined
    if (loggedInWithoutRights(manifest)) return undefined
    const { host } = reference.reference
    return {
      title: 'Login is rejected',
      summary: text`${host} rejects the login of ${tried.join(', ')}: it is wrong, expired or revoked.`,
      confidence: 'proven',
      because: [answerEvidence(answer), ...kubeletSays(message)],
      remedies: correctPullSecret(names, host, ...namedBy(tried[0], secrets)),
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: {
    needs: {
      ...{ message, names, nodeLogin: maybe(nodeLogin), credentials: maybe(credentials) },
      secrets: maybe(pullSecrets),
    },
    explain(facts) {
      const presumed = presumeOfNode('credentials-rejected').explain(facts)
      return presumed ?? refusedOwn(facts)
    },
  },
})

/** No secret of the pod has a login for it, and the node sent one that was refused: its own. */
function ofNode({ answer, unlike }: ManifestSeen, message: ContainerPull, names: Names): PullFinding | undefined {
  const refused = message.said?.reading.cause === 'credentials-rejected' && message.said.reading.credential === 'sent'
  if (!refused || unlike) return undefined
  return {
    title: "The node's own login is rejected",
    summary: text`${names.host} rejects the login that ${names.node} sent. No pull secret of the pod has a login for it, so the login is the node's own: it is wrong, expired or revoked.`,
    confidence: 'likely',
    because: [answerEvidence(answer), ...kubeletSays(message)],
    remedies: [
      {
        kind: 'action',
        title: text`Correct the login in the runtime's configuration or the kubelet's credential provider on ${names.node}`,
      },
    ],
    verify: [watchPod(names)],
    prevent: [],
  }
}

interface Own {
  readonly message: ContainerPull
  readonly names: Names
  readonly credentials: Observation<Credentials>
  readonly secrets: Observation<readonly NamedSecret[]>
}

/** The Secret that a login comes from: `secret shop/regcred`. */
function namedBy(
  source: string | undefined,
  secrets: Observation<readonly NamedSecret[]>,
): [name: string, held: NamedSecret | undefined] {
  const name = source?.split('/').at(-1) ?? 'regcred'
  return [name, secrets.known ? secrets.value.find((it) => it.name === name) : undefined]
}

/** The words say that no login was taken, and the pod has one for this registry: so that one was sent. */
function refusedOwn({ message, names, credentials, secrets }: Own): PullFinding | undefined {
  const sources = credentials.known ? credentials.value.matching.map(({ source }) => source) : []
  const { kind, credential } = message.said?.reading ?? {}
  if (sources.length === 0 || kind !== 'auth-required' || credential === 'anonymous') return undefined
  return {
    title: 'Login is rejected',
    summary: text`${names.host} requires a login, and the pod has one from ${sources.join(', ')}: it is probably wrong, expired or revoked.`,
    confidence: 'likely',
    because: kubeletSays(message),
    remedies: correctPullSecret(names, names.host, ...namedBy(sources[0], secrets)),
    verify: [watchPod(names)],
    prevent: [],
  }
}
