import { check } from '../../../diagnosis/check.ts'
import { maybe } from '../../../diagnosis/maybe.ts'
import { theRegistry } from '../givens.ts'
import { credentials } from './credentials.ts'
import { imageContent } from './image-content.ts'
import { indexChild } from './index-child.ts'
import { registryQuestion } from './registry-question.ts'

/** More layers than any image has in practice. */
const most = 40

/** Blobs that the manifest names and the registry does not have. Of an index: those of the node's platform. */
export const missingBlobs = check({
  id: 'missing-blobs',
  doing: 'Looking for its layers',
  needs: {
    registry: theRegistry,
    question: registryQuestion,
    credentials,
    content: imageContent,
    child: maybe(indexChild),
  },
  async gather({ registry, question, credentials, content, child }, signal) {
    const credential = credentials.matching[0]
    const digest = child.known ? child.value?.digest : undefined
    const single = digest ? await registry.content({ ...question, reference: digest, credential, signal }) : content
    if (single.status !== 'content') return { missing: [], of: 0 }
    const blobs = single.blobs.slice(0, most)
    const answers = await Promise.all(blobs.map((digest) => registry.blob({ ...question, digest, credential, signal })))
    return { missing: blobs.filter((_, index) => answers[index]?.status === 'missing'), of: blobs.length }
  },
})
