import type { ContextBlock, KnownBlock } from '@slack/types'
import type { Incident } from '../../incidents/incident.ts'
import { visible } from '../../text.ts'
import { affectedTable } from './affected-table.ts'
import { detailsContainer } from './details-container.ts'
import { findingsParts } from './findings-parts.ts'
import { offerButtons } from './offer-buttons.ts'
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
    ...(buttons ? [underWay(incident) ?? offerButtons(incident, details)] : []),
    ...opened.filter((block) => block !== undefined),
    context(incident),
  ]
}

/** Who pressed what, in the place of the buttons, until there is an answer. undefined: nothing is under way. */
function underWay({ pressed, actions }: Incident): ContextBlock | undefined {
  const running = actions.filter(({ alone, state }) => alone && (state === 'approved' || state === 'running'))
  const lines = [
    ...running.flatMap(({ label, by }) => (by ? [`${label} · <@${by.user}> · ${when(by.at)}`] : [])),
    ...(pressed ? [`Check again · <@${pressed.by}> · ${when(pressed.at)}`] : []),
  ]
  const [first] = lines
  if (!first) return undefined
  return { type: 'context', elements: [{ type: 'mrkdwn', text: `${marks.working} ${first}`, verbatim: true }] }
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
