import { check } from '../../../diagnosis/check.ts'
import type { Observation } from '../../../diagnosis/observation.ts'
import type { NamesAnswer } from '../../../registry/answers.ts'
import { theRegistry, theSettings } from '../givens.ts'
import { registryQuestion } from './registry-question.ts'

/** The catalogue. Public registries have none, and say so. */
export const repositories = check({
  id: 'repositories',
  doing: 'Listing the repositories',
  needs: { registry: theRegistry, question: registryQuestion, settings: theSettings },
  gather: ({ registry, question, settings }, signal) =>
    registry.repositories({ ...question, credential: settings.login(question.host), signal }),
})

/** No list of tags, and the catalogue does not have it either: a repository whose last tag was deleted is still a repository. */
export function isRepositoryMissing(
  tags: Observation<NamesAnswer>,
  repositories: Observation<NamesAnswer>,
  repository: string,
): boolean {
  if (!tags.known || tags.value.status !== 'missing') return false
  return !(repositories.known && repositories.value.status === 'names' && repositories.value.names.includes(repository))
}
