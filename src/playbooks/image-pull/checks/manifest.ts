import { check } from '../../../diagnosis/check.ts'
import type { ManifestAnswer } from '../../../registry/answers.ts'
import { theRegistry } from '../givens.ts'
import { NotAllowed } from '../not-allowed.ts'
import { credentials } from './credentials.ts'
import { nodeLogin } from './node-login.ts'
import { registryQuestion } from './registry-question.ts'

/** What the registry says to the kubelet's own question. */
export interface ManifestSeen {
  /** Of the credential that got farthest; anonymous where none matches. */
  readonly answer: ManifestAnswer
  /** Credentials that were sent, in order, by where they come from. */
  readonly tried: readonly string[]
  /** Why the pod's credentials are unknown: then the question was an anonymous one, and the kubelet's may have another answer. */
  readonly unlike?: string
}

export const manifest = check({
  id: 'manifest',
  doing: 'Asking the registry',
  needs: { registry: theRegistry, question: registryQuestion, credentials, nodeLogin },
  async gather({ registry, question, credentials, nodeLogin }, signal): Promise<ManifestSeen> {
    const tried: string[] = []
    let answer: ManifestAnswer | undefined
    for (const credential of credentials.matching.slice(0, most)) {
      tried.push(credential.source)
      answer = await registry.manifest({ ...question, credential, signal })
      if (answer.status !== 'unauthorized' && answer.status !== 'denied') break
    }
    answer ??= await registry.manifest({ ...question, signal })
    // What is refused to strangers may be given to the pod, whose login is not known, and to the node, which has its own.
    const unseen = credentials.unknown ?? (tried.length === 0 ? nodeLogin?.because : undefined)
    if (unseen && (answer.status === 'unauthorized' || answer.status === 'denied'))
      throw new NotAllowed(`the registry wants a login, and ${unseen}`)
    return { answer, tried, ...(credentials.unknown && { unlike: credentials.unknown }) }
  },
})

/** More than these is nobody's doing; each costs a login. */
const most = 3

/** The same without any credential: what a bad credential hides. */
export const anonymousManifest = check({
  id: 'anonymous-manifest',
  doing: 'Asking the registry without a login',
  needs: { registry: theRegistry, question: registryQuestion },
  gather: ({ registry, question }, signal) => registry.manifest({ ...question, signal }),
})
