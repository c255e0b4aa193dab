import { check } from '../../../diagnosis/check.ts'
import { theRegistry } from '../givens.ts'
import { crashLog } from './crash-log.ts'
import { credentials } from './credentials.ts'
import { registryQuestion } from './registry-question.ts'

/** What the image is for, asked only where the container's last words raise the question. */
export const crashedImage = check({
  id: 'crashed-image',
  doing: 'Looking what the image is for',
  needs: { log: crashLog, registry: theRegistry, question: registryQuestion, credentials },
  async gather({ log, registry, question, credentials }, signal) {
    if (!log?.includes('exec format error')) return undefined
    return registry.content({ ...question, credential: credentials.matching[0], signal })
  },
})
