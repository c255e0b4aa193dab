import { maybe, type Observation } from '../../../../diagnosis/check.ts'
import type { NamesAnswer } from '../../../../registry/registry.ts'
import { type Text, text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { message, type Names, names, reference } from '../../checks/pod.ts'
import { loggedInWithoutRights, type ManifestSeen, manifest, refusesLogin, tags } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { mirrorIn } from '../../evidence/mirrors.ts'
import { type ContainerPull, wasSaid } from '../../inputs.ts'
import { type PullFinding, pullCause, type Remedy } from '../../model.ts'
import { presumeOfNode } from '../../text-causes.ts'

/** The registry, or its token server, knows the login and denies it the pull. */
export const accessForbidden = pullCause({
  id: 'access-forbidden',
  explains: ['auth-denied', 'auth-required'],
  needs: { reference, manifest, tags: maybe(tags), message, names },
  explain({ reference, manifest, tags, message, names }) {
    if (!reference.valid) return undefined
    const facts = { ...reference.reference, manifest, message, names }
    const byMirror = mirrorIn(message, reference.reference) !== undefined
    if (loggedInWithoutRights(manifest) || refusesLogin(manifest)) return loginRefused(facts)
    const { answer, tried } = manifest
    if (answer.status === 'found' && tried.length === 0) return byMirror ? undefined : nodeRefused(facts)
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
      ? text`${host} accepts the login of ${logins}, but does not let it pull ${repository}. It lacks the permission, or the repository does not exist; many registries give the same answer for both.`
      : text`The token server of ${host} refuses the login of ${logins} for ${repository}. The login is invalid, it lacks the permission to pull, or the repository does not exist; the server does not say which.`,
    confidence: 'likely',
    ...rest({ manifest, message, names }, [
      {
        kind: 'action',
        title: taken
          ? text`Correct the name of the image, or grant that login permission to pull ${repository}`
          : text`Check that the login is still valid and may read packages; then that ${repository} exists and the login has access to it`,
      },
    ]),
  }
}

/** The registry answers 403 to the node, but serves imagepull: the two differ in their address, or the node has a login of its own. */
function nodeRefused({ host, manifest, message, names }: Facts): PullFinding | undefined {
  if (message.said?.reading.cause !== 'access-forbidden') return undefined
  return {
    title: 'Registry refuses the node',
    summary: text`${host} gives ${names.image} to imagepull without a login, and answered 403 to ${names.node}. It may refuse the node's address, or a login that the node itself holds.`,
    confidence: 'likely',
    ...rest({ manifest, message, names }, [
      {
        kind: 'action',
        title: text`Allow the outgoing address of ${names.node} in ${host} or in the firewall in front of it`,
      },
      {
        kind: 'action',
        title: text`Look for a login for ${host} in the container runtime's configuration on ${names.node}`,
      },
    ]),
  }
}

function forbidden({ host, repository, manifest, message, names }: Facts, tags: Observation<NamesAnswer>): PullFinding {
  const who: Text =
    manifest.tried.length > 0 ? text`the login of ${manifest.tried.join(', ')}` : text`anybody without a login`
  // A login that may list the tags may read the repository. Then a 403 is about this image alone, and may mean that it is missing.
  const mayList = tags.known && tags.value.status === 'names'
  return {
    title: 'Access is forbidden',
    summary: mayList
      ? text`${host} lets ${who} list the tags of ${repository}, but not pull this image. Some registries answer so if the image does not exist.`
      : text`${host} does not let ${who} pull ${repository}. Firewalls answer so, and some registries do if the repository does not exist.`,
    // A 403 from here alone may be a firewall that knows the node's address and not this one.
    confidence: wasSaid(message) && message.said.reading.kind === 'auth-denied' && !mayList ? 'proven' : 'likely',
    ...rest({ manifest, message, names }, [
      {
        kind: 'action',
        title: text`Grant permission to pull ${repository}, or find the firewall or policy in front of ${host} that forbids it`,
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
