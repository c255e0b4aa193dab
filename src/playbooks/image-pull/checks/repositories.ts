import { check } from '../../../diagnosis/check.ts'
import { theRegistry } from '../givens.ts'
import { registryQuestion } from './registry-question.ts'

/** The catalogue. Public registries have none, and say so. */
export const repositories = check({
  id: 'repositories',
  doing: 'Listing the repositories',
  needs: { registry: theRegistry, question: registryQuestion },
  gather: ({ registry, question }, signal) => registry.repositories({ ...question, signal }),
})
