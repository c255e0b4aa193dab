import { check } from '../../../diagnosis/check.ts'
import { theRegistry } from '../givens.ts'
import { credentials } from './credentials.ts'
import { registryQuestion } from './registry-question.ts'

/** What is in the manifest. It counts as a pull on Docker Hub, so only causes that need it ask for it. */
export const imageContent = check({
  id: 'image-content',
  doing: 'Looking into the image',
  needs: { registry: theRegistry, question: registryQuestion, credentials },
  gather: ({ registry, question, credentials }, signal) =>
    registry.content({ ...question, credential: credentials.matching[0], signal }),
})
