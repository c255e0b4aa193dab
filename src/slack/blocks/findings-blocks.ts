import type { ActionsBlock, ContextBlock, KnownBlock } from '@slack/types'
import type { Incident } from '../../incidents/incident.ts'
import { visible } from '../../text.ts'
import { affectedTable } from './affected-table.ts'
import { detailsContainer } from './details-container.ts'
import { findingsParts } from './findings-parts.ts'
import { planTitle } from './plan-blocks.ts'
import { rich } from './rich.ts'
import { shorten } from './shorten.ts'
import { marks } from './summary.ts'
import { when } from './when.ts'

export interface FindingsForm {
  /** Where a workspace refuses what can be opened in a message, a button opens a window instead. */
  readonly details: 'container' | 'window'
  /** Only a thread has them: they are about its incident. */
  readonly buttons: boolean
}

/** The verdict, whom it hurts, why, and what to do; the buttons; and, closed, all that stands behind it. */
export function findingsBlocks(incident: Incident, { details, buttons }: FindingsForm): KnownBlock[] {
  const asker = incident.askers.at(-1)?.user
  const opened = details === 'container' ? [affectedTable(incident), detailsContainer(incident)] : []
  return [
    rich.block(...findingsParts(incident, asker)),
    ...(buttons ? [incident.pressed ? pressedLine(incident.pressed) : actions(incident, details)] : []),
    ...opened.filter((block) => block !== undefined),
    context(incident),
  ]
}

/** Who pressed what, in the place of the buttons, until there is an answer. */
function pressedLine({ by, at }: NonNullable<Incident['pressed']>): ContextBlock {
  const words = `${marks.working} Check again · <@${by}> · ${when(at)}`
  return { type: 'context', elements: [{ type: 'mrkdwn', text: words, verbatim: true }] }
}

function actions({ id }: Incident, details: FindingsForm['details']): ActionsBlock {
  const button = (action: string, label: string) => ({
    type: 'button' as const,
    action_id: `imagepull:${action}`,
    text: { type: 'plain_text' as const, text: label },
    value: id,
  })
  const option = (words: string, value: string) => ({ text: { type: 'plain_text' as const, text: words }, value })
  return {
    type: 'actions',
    elements: [
      { ...button('check-again', 'Check again'), style: 'primary' },
      ...(details === 'window' ? [button('details', 'Details')] : []),
      {
        type: 'overflow',
        action_id: 'imagepull:more',
        options: [option('All details', `details ${id}`), option('Verdict is wrong', `verdict-is-wrong ${id}`)],
      },
    ],
  }
}

function context({ id, check, checkedAt, flaps, cluster }: Incident): ContextBlock {
  const parts = [
    `incident ${id}`,
    ...(checkedAt ? [`${planTitle(check)}, ${when(checkedAt, '{time_secs}')}`] : []),
    ...(flaps > 0 ? [`the verdict changed back and forth ${flaps} times`] : []),
  ]
  return {
    type: 'context',
    elements: [
      { type: 'mrkdwn', text: parts.join(' · '), verbatim: true },
      { type: 'plain_text', text: visible(shorten(cluster, 80)) },
    ],
  }
}
