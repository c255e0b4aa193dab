import { createHash } from 'node:crypto'
import type { ActionEntry, Incident } from '../../incidents/incident.ts'
import type { Message, Place } from '../api.ts'
import { actionBlocks } from '../blocks/action.ts'
import { fitted } from '../blocks/elements.ts'
import { findingsBlocks } from '../blocks/findings.ts'
import { echoBlocks, notification, summarize } from '../blocks/headline.ts'
import { planBlocks } from '../blocks/progress.ts'
import { endedBlocks, rootBlocks } from '../blocks/root.ts'

/** The kinds of blocks that the workspace accepts. */
export interface Forms {
  readonly plan: 'plan' | 'lines'
  readonly details: 'container' | 'window'
}

interface Context {
  readonly forms: Forms
  /** How many roots the thread has had. More than 1: somebody deleted the root before this one. */
  readonly begun: number
  /** A link to the thread of the incident that this one joined. */
  readonly into?: string | undefined
  /** A link to this thread for other channels. Absent: they may not know of it. */
  readonly link?: string | undefined
  /** A link to the thread of the previous incident of the same subject. */
  readonly previous?: string | undefined
  /** Another bot's post under which the thread is posted. */
  readonly under?: string | undefined
  /** The channel was shared with another organisation later: nothing more is posted there. */
  readonly shared: boolean
}

/** Milliseconds between edits of one message. Edits are silent, and these pauses keep a channel calm. */
const pauses = { root: 30_000, stage: 1_200 } as const

/** Returns the messages that an incident's thread should have, in order. Pure. */
export function threadMessages(incident: Incident, context: Context): readonly DesiredMessage[] {
  if (incident.state === 'quiet' || incident.announce) return []
  const text = notification(incident)
  const { mark, word } = summarize(incident)
  const stage = `${mark} ${word}${incident.alertsFiring === 0 ? ', resolved' : ''}`
  const root = desiredMessage('root', { text, blocks: rootBlocks(incident, context) }, stage, pauses.root)
  const echoes = [
    ...incident.echoes.map((channel) => echo(incident, { channel }, context.link, text)),
    ...incident.posts
      .filter(({ channel, ts }) => channel !== incident.channel || ts !== context.under)
      .map(({ channel, ts }) => echo(incident, { channel, thread: ts }, context.link, text)),
  ]
  if (incident.state === 'joined' || context.shared) return [root, ...echoes]
  const plan = desiredMessage(
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

/** An incident that ends again gets another reply. */
function ended(incident: Incident, text: string): DesiredMessage {
  const key = incident.again === 0 ? 'ended' : `ended-${incident.again}`
  return desiredMessage(key, { text, blocks: endedBlocks(incident) }, '', pauses.root)
}

/** A short post with a link, in a channel where somebody else asked or under another post that reports the same. */
function echo(incident: Incident, { channel, thread }: Place, link: string | undefined, text: string): DesiredMessage {
  const { mark, word } = summarize(incident)
  const title = incident.verdicts.at(-1)?.title ?? 'Checking'
  // Without a link the home is private: its names stay there.
  const message = { text: link ? text : `${title}: answered in a private channel`, blocks: echoBlocks(incident, link) }
  const key = thread ? `echo-${channel}-${thread}` : `echo-${channel}`
  return { ...desiredMessage(key, message, `${mark} ${word}`, pauses.root), channel, ...(thread && { thread }) }
}

function findings(incident: Incident, { forms }: Context, text: string): DesiredMessage {
  const blocks = findingsBlocks(incident, { details: forms.details, buttons: true })
  const stage = `${incident.verdicts.at(-1)?.cause} ${incident.pressed?.at}`
  const message = desiredMessage(`findings-${incident.findings}`, { text, blocks }, stage, pauses.stage)
  return incident.pressed ? { ...message, urgent: true } : message
}

function action(incident: Incident, entry: ActionEntry, { forms }: Context): DesiredMessage {
  const { subject } = summarize(incident)
  const text = fitted((name) => `${entry.label}: ${name}, ${entry.state}. ${incident.cluster}`, subject)
  const stage = `${entry.state} ${entry.steps.filter(({ state }) => state === 'done').length}`
  return desiredMessage(`action-${entry.id}`, { text, blocks: actionBlocks(entry, forms) }, stage, pauses.stage)
}

/** A message that a thread should have. */
export interface DesiredMessage extends Message {
  readonly key: string
  readonly root: boolean
  /** Only for a post outside the thread: its channel, and the post there under which it stands. */
  readonly channel?: string
  readonly thread?: string
  /** Milliseconds between two edits within one stage. */
  readonly pause: number
  readonly stage: string
  /** Somebody has just pressed a button: this edit does not wait for the pace. */
  readonly urgent?: boolean
  readonly digest: string
}

/** Builds a desired message. The key `root` is the thread's root. */
export function desiredMessage(key: string, { text, blocks }: Message, stage: string, pause: number): DesiredMessage {
  const digest = createHash('sha256')
    .update(JSON.stringify([text, blocks]))
    .digest('base64url')
    .slice(0, 22)
  return { key, root: key === 'root', text, blocks, stage, pause, digest }
}
