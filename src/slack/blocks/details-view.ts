import type { KnownBlock, ModalView } from '@slack/types'
import type { Incident } from '../../incidents/incident.ts'
import { type DetailPart, detailParts } from './detail-parts.ts'
import { rich } from './rich.ts'
import { shorten } from './shorten.ts'

/** Characters of one part: Slack refuses a view of 250 KB, and nobody reads that much. */
const partLimit = 6_000

/** The whole of it in a window: for everybody, and where a workspace refuses what can be opened in a message. */
export function detailsView(incident: Incident): ModalView {
  const parts = detailParts(incident)
  return {
    type: 'modal',
    title: { type: 'plain_text', text: shorten(`Incident ${incident.id}`, 24) },
    close: { type: 'plain_text', text: 'Close' },
    blocks: parts.flatMap(blocksOf),
  }
}

function blocksOf({ title, lines }: DetailPart): KnownBlock[] {
  let room = partLimit
  const shown = lines.filter((line) => {
    room -= 'command' in line ? line.command.length : JSON.stringify(line.words).length
    return room > 0
  })
  const elements = shown.map((line) =>
    'command' in line
      ? rich.preformatted(line.command.slice(0, partLimit))
      : rich.section(rich.plain('• '), ...rich.words(line.words)),
  )
  return [{ type: 'header', text: { type: 'plain_text', text: title } }, rich.block(...elements)]
}
