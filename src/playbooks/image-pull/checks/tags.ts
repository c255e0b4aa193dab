import { check } from '../../../diagnosis/check.ts'
import { theRegistry, theSettings } from '../givens.ts'
import { credentials } from './credentials.ts'
import { registryQuestion } from './registry-question.ts'

/** The tags of the repository: "no such repository" is told here, where a manifest only says "unknown". */
export const tags = check({
  id: 'tags',
  doing: 'Listing the tags',
  needs: { registry: theRegistry, question: registryQuestion, credentials, settings: theSettings },
  gather: ({ registry, question, credentials, settings }, signal) =>
    registry.tags({ ...question, credential: credentials.matching[0] ?? settings.login(question.host), signal }),
})
