import { maybe, type Observation } from '../../../../diagnosis/check.ts'
import type { NamesAnswer } from '../../../../registry/registry.ts'
import { type Text, text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, type Names, names, reference } from '../../checks/pod.ts'
import { loggedInWithoutRights, type ManifestSeen, manifest, refusesLogin, tags } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { type ContainerPull, wasSaid } from '../../inputs.ts'
import { type PullFinding, pullCause, type Remedy } from '../../model.ts'
import { presumeOfNode } from '../../text-causes.ts'

/** Whoever asks is known, and may not pull: by the registry's own word, or by its token server's to a login. */
export const accessForbidden = pullCause({
  id: 'access-forbidden',
  explains: ['auth-denied', 'auth-required'],
  needs: { reference, manifest, tags: maybe(tags), message, names },
  explain({ reference, manifest, tags, message, names }) {
    if (!reference.valid) return undefined
    const facts = { ...reference.reference, manifest, message, names }
    if (loggedInWithoutRights(manifest) || refusesLogin(manifest)) return loginRefused(facts)
    const { answer, tried } = manifest
    if (answer.status === 'found' && tried.length === 0) return nodeRefused(facts)
    return answer.status === 'denied' && answer.by === 'registry' ? forbidden(facts, tags) : undefined
  },
  presume: presumeOfNode('access-forbidden'),
})

interface Facts {
  readonly host: string
  readonly repository: string
  readonly manifest: ManifestSeen
  readonly message: ContainerPull
  readonly names: Names
}

function loginRefused({ host, repository, manifest, message, names }: Facts): PullFinding {
  const logins = manifest.tried.join(', ')
  const taken = loggedInWithoutRights(manifest)
  return {
    title: taken ? 'Login may not pull this repository' : 'Login gets no access',
    summary: taken
      ? text`${host} takes the login of ${logins}, and does not let it pull ${repository}: it lacks the right, or there is no such repository, which many registries say in the same way.`
      : text`The token server of ${host} refuses the login of ${logins} for ${repository}: the login is not valid, it lacks the right to pull, or there is no such repository. It does not say which.`,
    confidence: 'likely',
    ...rest({ manifest, message, names }, [
      {
        kind: 'action',
        title: taken
          ? text`Correct the name of the image, or grant that login the right to pull ${repository}`
          : text`See whether that login is still valid and may read packages; then whether ${repository} exists and is open to it`,
      },
    ]),
  }
}

/** The node is turned away with a 403, and this place is not: the two differ in their address, or in a login of the node. */
function nodeRefused({ host, manifest, message, names }: Facts): PullFinding | undefined {
  if (message.said?.reading.cause !== 'access-forbidden') return undefined
  return {
    title: 'Node is refused',
    summary: text`${host} gives ${names.image} to imagepull without a login, and answered 403 to ${names.node}. It may refuse the node's address, or a login that the node itself holds.`,
    confidence: 'likely',
    ...rest({ manifest, message, names }, [
      {
        kind: 'action',
        title: text`Let ${host}, or the firewall in front of it, allow the address from which ${names.node} leaves`,
      },
      { kind: 'action', title: text`Look for a login for ${host} in the runtime's files on ${names.node}` },
    ]),
  }
}

function forbidden({ host, repository, manifest, message, names }: Facts, tags: Observation<NamesAnswer>): PullFinding {
  const who: Text =
    manifest.tried.length > 0 ? text`the login of ${manifest.tried.join(', ')}` : text`anybody without a login`
  // Who may list the tags may read the repository: then a 403 is about this one image, and may hide that it is missing.
  const mayList = tags.known && tags.value.status === 'names'
  return {
    title: 'Access is forbidden',
    summary: mayList
      ? text`${host} forbids ${who} to pull this image, and lets it list the tags of ${repository}: some registries answer so for what does not exist.`
      : text`${host} forbids ${who} to pull ${repository}; some registries answer so for what does not exist, and firewalls do too.`,
    // A 403 from here alone may be a firewall that knows the node's address and not this one.
    confidence: wasSaid(message) && message.said.reading.kind === 'auth-denied' && !mayList ? 'proven' : 'likely',
    ...rest({ manifest, message, names }, [
      {
        kind: 'action',
        title: text`Grant the right to pull ${repository}, or find the firewall or policy in front of ${host} that forbids it`,
      },
    ]),
  }
}

function rest(
  { manifest, message, names }: Pick<Facts, 'manifest' | 'message' | 'names'>,
  remedies: readonly Remedy[],
): Pick<PullFinding, 'because' | 'remedies' | 'verify' | 'prevent'> {
  const because = [answerEvidence(manifest.answer), ...kubeletSays(message)]
  return { because, remedies, verify: [watchPod(names)], prevent: [] }
}
