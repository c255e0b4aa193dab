import { check } from '../../../diagnosis/check.ts'
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
