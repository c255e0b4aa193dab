import { createHash } from 'node:crypto'
import type { ActionEntry, Incident } from '../../incidents/incident.ts'
import type { Message, Place } from '../api.ts'
import { actionBlocks } from '../blocks/action.ts'
import { fitted } from '../blocks/elements.ts'
import { findingsBlocks } from '../blocks/findings.ts'
import { echoBlocks, notification, summaryOf } from '../blocks/headline.ts'
import { planBlocks } from '../blocks/progress.ts'
import { endedBlocks, rootBlocks } from '../blocks/root.ts'

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
  /** A link to the thread of the same thing before. */
  readonly previous?: string | undefined
  /** Somebody else's post that the thread hangs on. */
  readonly under?: string | undefined
  /** The channel has meanwhile been shared with another organisation: nothing more is told there. */
  readonly shared: boolean
}

/** Milliseconds. Edits are silent; these keep a channel calm. */
const pauses = { root: 30_000, stage: 1_200 } as const

/** The thread that an incident should have, in its order: a pure function of the record. */
export function threadMessages(incident: Incident, context: Context): readonly Wanted[] {
  if (incident.state === 'quiet' || incident.announce) return []
  const text = notification(incident)
  const { mark, word } = summaryOf(incident)
  const stage = `${mark} ${word}${incident.alertsFiring === 0 ? ', resolved' : ''}`
  const root = wanted('root', { text, blocks: rootBlocks(incident, context) }, stage, pauses.root)
  const echoes = [
    ...incident.echoes.map((channel) => echo(incident, { channel }, context.link, text)),
    ...incident.posts
      .filter(({ channel, ts }) => channel !== incident.channel || ts !== context.under)
      .map(({ channel, ts }) => echo(incident, { channel, thread: ts }, context.link, text)),
  ]
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
    ...(incident.state === 'fixed' ? [ended(incident, text)] : []),
    ...echoes,
  ]
}

/** Each end has its own reply. */
function ended(incident: Incident, text: string): Wanted {
  const key = incident.again === 0 ? 'ended' : `ended-${incident.again}`
  return wanted(key, { text, blocks: endedBlocks(incident) }, '', pauses.root)
}

/** A short post with a link: where somebody else asked, or under another post that tells of the same. */
function echo(incident: Incident, { channel, thread }: Place, link: string | undefined, text: string): Wanted {
  const { mark, word } = summaryOf(incident)
  const title = incident.verdicts.at(-1)?.title ?? 'Checking'
  // Without a link the home is private: its names stay there.
  const message = { text: link ? text : `${title}: answered in a private channel`, blocks: echoBlocks(incident, link) }
  const key = thread ? `echo-${channel}-${thread}` : `echo-${channel}`
  return { ...wanted(key, message, `${mark} ${word}`, pauses.root), channel, ...(thread && { thread }) }
}

function findings(incident: Incident, { forms }: Context, text: string): Wanted {
  const blocks = findingsBlocks(incident, { details: forms.details, buttons: true })
  const stage = `${incident.verdicts.at(-1)?.cause} ${incident.pressed?.at}`
  const message = wanted(`findings-${incident.findings}`, { text, blocks }, stage, pauses.stage)
  return incident.pressed ? { ...message, urgent: true } : message
}

function action(incident: Incident, entry: ActionEntry, { forms }: Context): Wanted {
  const { subject } = summaryOf(incident)
  const text = fitted((name) => `${entry.label}: ${name}, ${entry.state}. ${incident.cluster}`, subject)
  const stage = `${entry.state} ${entry.steps.filter(({ state }) => state === 'done').length}`
  return wanted(`action-${entry.id}`, { text, blocks: actionBlocks(entry, forms) }, stage, pauses.stage)
}

/** One message that a thread should have. */
export interface Wanted extends Message {
  readonly key: string
  readonly root: boolean
  /** Of a post outside the thread: who asked in another channel finds it there; or under another post there. */
  readonly channel?: string
  readonly thread?: string
  /** Milliseconds between two edits of one stage, and between edits of two stages. */
  readonly pause: number
  readonly stage: string
  /** Somebody pressed a button and looks: its edit does not wait for those that nobody waits for. */
  readonly urgent?: boolean
  readonly digest: string
}

/** `root` is the key of the one that the thread hangs on. */
export function wanted(key: string, { text, blocks }: Message, stage: string, pause: number): Wanted {
  const digest = createHash('sha256')
    .update(JSON.stringify([text, blocks]))
    .digest('base64url')
    .slice(0, 22)
  return { key, root: key === 'root', text, blocks, stage, pause, digest }
}
