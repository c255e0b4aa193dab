import type { KnownBlock } from '@slack/types'
import type { Incident } from '../../incidents/incident.ts'
import { rich } from './rich.ts'
import { marks, summaryOf } from './summary.ts'

/** What another channel, in which somebody asked, sees of an incident. `link` undefined: its home is private. */
export function echoBlocks(incident: Incident, link: string | undefined): KnownBlock[] {
  const { mark, word, subject } = summaryOf(incident)
  const title = incident.verdicts.at(-1)?.title ?? 'checking'
  const first = link ? `${word} · ${subject}: ${title}` : `${word} · ${title}`
  const second = link ? rich.link(link, 'Answered there') : rich.plain('Answered in a private channel.')
  return [rich.block(rich.section(rich.plain(`${marks[mark]} `), rich.bold(first), rich.lineBreak, second))]
}
