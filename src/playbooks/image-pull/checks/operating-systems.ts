import { check, maybe } from '../../../diagnosis/check.ts'
import { theRegistry } from '../inputs.ts'
import { node } from './nodes.ts'
import { message } from './pod.ts'
import { credentials } from './pull-secrets.ts'
import { registryQuestion } from './registry.ts'

/** The operating system of the node, and those that the image is for. */
export interface OperatingSystems {
  readonly node: string
  readonly image: readonly string[]
}

/** Read only where it may matter, for it counts as a pull on Docker Hub. undefined: it does not, or the image does not tell. */
export const operatingSystems = check({
  id: 'operating-systems',
  doing: 'Comparing operating systems',
  needs: { registry: theRegistry, question: registryQuestion, credentials, node: maybe(node), message },
  async gather({ registry, question, credentials, node, message }, signal): Promise<OperatingSystems | undefined> {
    const own = node.known ? node.value?.status.nodeInfo.operatingSystem : undefined
    // On Windows an image of another system fails as late as at its layers.
    if (!own || (message.said?.reading.kind !== 'platform-mismatch' && own !== 'windows')) return undefined
    const content = await registry.content({ ...question, credential: credentials.matching[0], signal })
    if (content.status !== 'content' || content.platforms.length === 0) return undefined
    return { node: own, image: [...new Set(content.platforms.map(({ os }) => os))] }
  },
})
