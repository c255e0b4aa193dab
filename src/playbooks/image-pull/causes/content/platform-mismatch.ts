import { maybe } from '../../../../diagnosis/check.ts'
import { rowById } from '../../../../messages/rows.ts'
import { joinTexts, text } from '../../../../text.ts'
import { watchPod } from '../../advice/remedies.ts'
import { imageContent, indexPlatforms } from '../../checks/image-content.ts'
import { node } from '../../checks/nodes.ts'
import { message, type Names, names } from '../../checks/pod.ts'
import { kubeletSays } from '../../evidence/answers.ts'
import type { ContainerPull } from '../../inputs.ts'
import { type PullFinding, pullCause } from '../../model.ts'
import { findingOfRow, presumeRow } from '../../text-causes.ts'

/** The registry has the image only for platforms other than the node's. */
export const platformMismatch = pullCause({
  id: 'platform-mismatch',
  explains: ['platform-mismatch'],
  needs: { content: imageContent, index: maybe(indexPlatforms), node, message, names },
  explain({ content, index, node, message, names }) {
    const told = presumeRow('platform-mismatch').explain({ message, names })
    const presumed = told ?? (index.known && index.value?.fits === false ? withoutWords(message, names) : undefined)
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
      confidence: told ? 'proven' : 'likely',
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

/** The kubelet's words are lost, and an index without the node's platform cannot be pulled there. */
function withoutWords(message: ContainerPull, names: Names): PullFinding | undefined {
  const row = rowById('platform-mismatch')
  const kind = message.said?.reading.kind
  if (!row || (kind && kind !== 'backoff-only')) return undefined
  const reading = { clauses: [], text: '', ...message.said?.reading, kind: 'platform-mismatch', cause: row.id } as const
  return findingOfRow(row, { ...message, said: { by: 'status', message: '', ...message.said, reading } }, names)
}
