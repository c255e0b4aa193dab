import { createHash } from 'node:crypto'
import type { ActionEntry } from '../incidents/action-entry.ts'
import type { Incident } from '../incidents/incident.ts'
import { actionBlocks } from './blocks/action-blocks.ts'
import { echoBlocks } from './blocks/echo-blocks.ts'
import { endedBlocks } from './blocks/ended-blocks.ts'
import { findingsBlocks } from './blocks/findings-blocks.ts'
import { fitted } from './blocks/fitted.ts'
import { notification } from './blocks/notification.ts'
import { planBlocks } from './blocks/plan-blocks.ts'
import { rootBlocks } from './blocks/root-blocks.ts'
import { summaryOf } from './blocks/summary.ts'
import type { Message } from './slack-api.ts'

/** One message that a thread should have. */
export interface Wanted extends Message {
  readonly key: string
  readonly root: boolean
  /** Of a post outside the thread: who asked in another channel finds it there. */
  readonly channel?: string
  /** Milliseconds between two edits of one stage, and between edits of two stages. */
  readonly pause: number
  readonly stage: string
  readonly digest: string
}

/** What a workspace was found to take. */
export interface Forms {
  readonly plan: 'plan' | 'lines'
  readonly details: 'container' | 'window'
}

interface Context {
  readonly forms: Forms
  /** The root was deleted by somebody, and this is another one. */
  readonly begun: number
  /** A link to the incident that this one joined. */
  readonly into?: string | undefined
  /** A link to this thread, for other channels; absent where those may not know of it. */
  readonly link?: string | undefined
  /** The channel has meanwhile been shared with another organisation: nothing more is told there. */
  readonly shared: boolean
}

/** Milliseconds. Edits are silent; these keep a channel calm. */
const pauses = { root: 30_000, stage: 1_200 } as const

/** The thread that an incident should have, in its order: a pure function of the record. */
export function threadMessages(incident: Incident, context: Context): readonly Wanted[] {
  if (incident.state === 'quiet') return []
  const text = notification(incident)
  const { mark, word } = summaryOf(incident)
  const root = wanted('root', { text, blocks: rootBlocks(incident, context) }, `${mark} ${word}`, pauses.root)
  const echoes = incident.echoes.map((channel) => echo(incident, channel, context.link, text))
  if (incident.state === 'joined' || context.shared) return [root, ...echoes]
  const plan = wanted(
    'plan',
    { text, blocks: planBlocks(incident, context.forms.plan) },
    incident.plan.check.state,
    pauses.stage,
  )
  return [
    root,
    ...(incident.askers.length > 0 ? [plan] : []),
    ...(incident.state === 'open' && incident.findings > 0 ? [findings(incident, context, text)] : []),
    ...incident.actions.map((entry) => action(incident, entry, context)),
    ...(incident.state === 'fixed' ? [wanted('ended', { text, blocks: endedBlocks(incident) }, '', pauses.root)] : []),
    ...echoes,
  ]
}

function echo(incident: Incident, channel: string, link: string | undefined, text: string): Wanted {
  const { mark, word } = summaryOf(incident)
  const title = incident.verdicts.at(-1)?.title ?? 'Checking'
  // Without a link the home is private: its names stay there.
  const message = { text: link ? text : `${title}: answered in a private channel`, blocks: echoBlocks(incident, link) }
  return { ...wanted(`echo-${channel}`, message, `${mark} ${word}`, pauses.root), channel }
}

function findings(incident: Incident, { forms }: Context, text: string): Wanted {
  const blocks = findingsBlocks(incident, { details: forms.details, buttons: true })
  return wanted(
    `findings-${incident.findings}`,
    { text, blocks },
    `${incident.verdicts.at(-1)?.cause} ${incident.pressed?.at}`,
    pauses.stage,
  )
}

function action(incident: Incident, entry: ActionEntry, { forms }: Context): Wanted {
  const { subject } = summaryOf(incident)
  const text = fitted((name) => `${entry.label}: ${name}, ${entry.state}. ${incident.cluster}`, subject)
  const stage = `${entry.state} ${entry.steps.filter(({ state }) => state === 'done').length}`
  return wanted(`action-${entry.id}`, { text, blocks: actionBlocks(entry, forms) }, stage, pauses.stage)
}

function wanted(key: string, { text, blocks }: Message, stage: string, pause: number): Wanted {
  const digest = createHash('sha256')
    .update(JSON.stringify([text, blocks]))
    .digest('base64url')
    .slice(0, 22)
  return { key, root: key === 'root', text, blocks, stage, pause, digest }
}
