import { maybe } from '../../../../diagnosis/check.ts'
import { hidesByRefusal } from '../../../../registry/hosts.ts'
import { nearestRepositories } from '../../../../registry/nearest.ts'
import type { NamesAnswer } from '../../../../registry/registry.ts'
import { joinTexts, text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { registryService } from '../../checks/cluster-registry.ts'
import { message, names, reference } from '../../checks/pod.ts'
import { isRepositoryMissing, type ManifestSeen, manifest, repositories, tags } from '../../checks/registry.ts'
import { answerEvidence, kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow, registryDecides } from '../../text-causes.ts'
import { mirrorFailed } from '../way/mirror-failed.ts'

/** The registry does not have the repository. */
export const repositoryMissing = pullCause({
  id: 'repository-missing',
  explains: [...registryDecides, mirrorFailed],
  needs: {
    ...{ reference, manifest, tags, repositories: maybe(repositories), service: maybe(registryService) },
    ...{ names, message },
  },
  explain({ reference, manifest, tags, repositories, service, names, message }) {
    if (!reference.valid || manifest.answer.status !== 'missing') return undefined
    const { host, repository } = reference.reference
    if (!isRepositoryMissing({ known: true, value: tags }, repositories, repository)) return undefined
    const listed = repositories.known && repositories.value.status === 'names' ? repositories.value : undefined
    // A catalogue for strangers may be empty because they may see nothing; that of a registry in this cluster is believed.
    const mayBeFiltered = listed?.names.length === 0 && !(service.known && service.value)
    const isListed = listed?.complete && !mayBeFiltered
    const near = listed ? nearestRepositories(repository, listed.names) : []
    const nearest =
      near.length > 0
        ? text` Nearest: ${joinTexts(
            near.slice(0, 3).map(({ name }) => text`${name}`),
            ', ',
          )}.`
        : text``
    return {
      title: 'Repository missing',
      summary: text`${host} has no repository ${repository}.${nearest}`,
      confidence: isSaidByRegistry(host, manifest, tags) || isListed ? 'proven' : 'likely',
      because: [answerEvidence(tags), ...(listed ? [answerEvidence(listed)] : []), ...kubeletSays(message)],
      remedies: [
        ...near
          .slice(0, 1)
          .map(
            ({ name }) => ({ kind: 'action', title: text`If ${name} was meant, correct the image in Git` }) as const,
          ),
        {
          kind: 'action',
          title: text`${near[0] ? 'Otherwise build' : 'Correct the name in Git, or build'} and push ${names.image}`,
        },
      ],
      verify: [watchPod(names)],
      prevent: [],
    }
  },
  presume: presumeRow('repository-missing'),
})

/**
 * Anything that speaks HTTP answers 404. A registry says which of its things is missing. Many hide from strangers, and from
 * a login without rights, what is private behind the same words (Artifactory's "hide existence of unauthorized resources"),
 * so a pod whose login is not known may get another answer, and a stranger's question proves nothing.
 */
function isSaidByRegistry(host: string, { answer, tried, unlike }: ManifestSeen, tags: NamesAnswer): boolean {
  const codes = [answer, tags].map((it) => ('code' in it ? it.code : undefined))
  const isToldTruth = tried.length > 0 || hidesByRefusal(host)
  return !unlike && isToldTruth && codes.some((code) => code !== undefined)
}
