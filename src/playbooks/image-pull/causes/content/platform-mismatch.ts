import { joinTexts, text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { imageContent } from '../../checks/image-content.ts'
import { node } from '../../checks/nodes.ts'
import { message, names } from '../../checks/pod.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import { pullCause } from '../../model.ts'
import { presumeRow } from '../../text-causes.ts'

/** The registry has the image only for platforms other than the node's. */
export const platformMismatch = pullCause({
  id: 'platform-mismatch',
  explains: ['platform-mismatch'],
  needs: { content: imageContent, node, message, names },
  explain({ content, node, message, names }) {
    const presumed = presumeRow('platform-mismatch').explain({ message, names })
    if (!presumed || content.status !== 'content' || !node || content.platforms.length === 0) return presumed
    const { operatingSystem, architecture } = node.status.nodeInfo
    if (content.platforms.some((it) => it.os === operatingSystem && it.architecture === architecture)) return undefined
    const has = joinTexts(
      content.platforms.map(
        ({ os, architecture, variant }) => text`${[os, architecture, variant].filter(Boolean).join('/')}`,
      ),
      ', ',
    )
    return {
      ...presumed,
      summary: text`${names.image} is available for ${has}, but ${names.node} is ${operatingSystem}/${architecture}.`,
      confidence: 'proven',
      because: [
        {
          says: text`the image is for ${has}`,
          source: `${content.asked.method} ${content.asked.url}`,
          confidence: 'proven',
        },
        {
          says: text`${names.node} is ${operatingSystem}/${architecture}`,
          source: 'API server: the node',
          confidence: 'proven',
        },
        ...kubeletSays(message),
      ],
      verify: [watchPod(names)],
    }
  },
  presume: presumeRow('platform-mismatch'),
})
