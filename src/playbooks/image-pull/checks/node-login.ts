import { check, maybe } from '../../../diagnosis/check.ts'
import { theImage } from '../inputs.ts'
import { cloudOf, type NodeIdentity, nodeIdentityFor } from '../node-identity.ts'
import { node } from './nodes.ts'
import { reference } from './pod.ts'

/** A login that is no pull secret's. imagepull has no such login, so the registry answers it otherwise than the node. */
export interface NodeLogin {
  /** Of the node's cloud, for this registry. */
  readonly identity?: NodeIdentity
  /** Why the node may log in by itself, in words. */
  readonly because: string
}

/** undefined: nothing says that the node logs in by itself. */
export const nodeLogin = check({
  id: 'node-login',
  doing: 'Looking whether the node logs in by itself',
  needs: { image: theImage, reference, node: maybe(node) },
  async gather({ image, reference, node }): Promise<NodeLogin | undefined> {
    if (!reference.valid) return undefined
    const { host } = reference.reference
    const identity = node.known && node.value ? nodeIdentityFor(host, node.value) : undefined
    if (identity)
      return { identity, because: `${identity.called} may log in to ${host}, and imagepull has no such login` }
    if (!node.known && cloudOf(host))
      return { because: `the node may log in to ${host} by itself, and it could not be read: ${node.reason}` }
    if (image.loggedIn)
      return {
        because: `${host} told the node more than it tells a stranger: the node has a login or a mirror that is not seen from here`,
      }
    return undefined
  },
})
