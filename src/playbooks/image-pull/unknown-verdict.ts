import { text } from '../../text.ts'
import type { ContainerPull } from './inputs.ts'
import type { PullVerdict } from './model.ts'

/** Nothing stands: what was heard, and where to look next. */
export function unknownVerdict(pull: ContainerPull): PullVerdict {
  const said = pull.said?.message
  return {
    cause: 'unknown',
    confidence: 'possible',
    title: 'Cause not found',
    summary: said
      ? text`The image ${pull.image} cannot be pulled, and no cause that imagepull knows fits what was seen.`
      : text`The image ${pull.image} cannot be pulled, and nothing tells why: the kubelet's words are lost.`,
    because: said
      ? [
          {
            says: text`The kubelet says: ${said}`,
            source: pull.said.by === 'status' ? 'container status' : 'event',
            confidence: 'proven',
          },
        ]
      : [],
    remedies: [{ kind: 'action', title: text`Read the kubelet's and the container runtime's log on the node` }],
    verify: [],
    prevent: [],
  }
}
