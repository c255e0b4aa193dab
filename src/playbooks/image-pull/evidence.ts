import { text } from '../../text.ts'
import type { Evidence } from './finding.ts'
import type { ContainerPull } from './pull.ts'

/** The kubelet's own words as a line of evidence. That they were said is proven, whatever they mean. */
export function kubeletSays({ said, lastFailure, pullingSince }: ContainerPull): readonly Evidence[] {
  if (!said && pullingSince)
    return [
      {
        says: text`the pull began, and neither ended nor failed`,
        source: `event Pulling, ${pullingSince}`,
        confidence: 'proven',
      },
    ]
  if (!said) return []
  const when = lastFailure ? `, last failure ${lastFailure}` : ''
  const source = said.by === 'status' ? 'the container status' : 'an event of the pod'
  return [
    {
      says: text`the kubelet says: ${said.reading.text || said.message}`,
      source: `${source}${when}`,
      confidence: 'proven',
    },
  ]
}
