import { check } from '../../../diagnosis/check.ts'
import { theRegistry } from '../givens.ts'
import { credentials } from './credentials.ts'
import { imageContent } from './image-content.ts'
import { registryQuestion } from './registry-question.ts'

/** More layers than any image has in practice. */
const most = 40

/** Blobs that the manifest names and the registry does not have. */
export const missingBlobs = check({
  id: 'missing-blobs',
  doing: 'Looking for its layers',
  needs: { registry: theRegistry, question: registryQuestion, credentials, content: imageContent },
  async gather({ registry, question, credentials, content }, signal) {
    if (content.status !== 'content') return { missing: [], of: 0 }
    const blobs = content.blobs.slice(0, most)
    const credential = credentials.matching[0]
    const answers = await Promise.all(blobs.map((digest) => registry.blob({ ...question, digest, credential, signal })))
    return { missing: blobs.filter((_, index) => answers[index]?.status === 'missing'), of: blobs.length }
  },
})
