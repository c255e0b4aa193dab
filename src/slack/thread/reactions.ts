import { z } from 'zod'
import type { AlertPost } from '../../incidents/alerts/alert.ts'
import type { Incident } from '../../incidents/incident.ts'
import type { IncidentRecords } from '../../incidents/records.ts'
import { type Records, records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import type { SlackApi } from '../api.ts'
import type { Pace } from './apply.ts'
import type { Next } from './diff.ts'

const version = 1
/** The state as a reaction to somebody else's post: `eyes` while an incident is open, then `white_check_mark`. */
const reaction = z.enum(['none', 'eyes', 'white_check_mark'])
type Reaction = z.infer<typeof reaction>
const schema = z.object({
  version: z.literal(version),
  /** Incidents that the post reports. */
  incidents: z.array(z.string()).max(50),
  shown: reaction,
  /** The place reserved in the pace of reactions, in milliseconds since 1970. 0: none. */
  slot: z.number().default(0),
  /** Slack refused the reaction, because a scope is missing or the post is gone. It is not tried again. */
  refused: z.boolean().default(false),
})
type Marked = z.infer<typeof schema>

const mostIncidents = 50

export interface ReactionOptions {
  readonly slack: Pick<SlackApi, 'react' | 'unreact'>
  readonly incidents: Pick<IncidentRecords, 'read'>
  readonly store: Store
  readonly pace: Pick<Pace, 'edit'>
  readonly now: () => Date
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/**
 * Shows the state of an incident as a reaction on the posts of others that report it, one call to Slack at a time. Throws
 * where Slack's answer was lost; a second try does no harm.
 */
export async function markPosts(options: ReactionOptions, id: string): Promise<Next> {
  const incident = await options.incidents.read(id)
  if (!incident || incident.posts.length === 0) return { do: 'idle' }
  const marked = records(options.store, 'alert-post', { schema, version })
  for (const post of incident.posts) {
    const known = await marked.change(`${post.channel} ${post.ts}`, (before) => withIncident(before, id))
    if (!known || known.refused) continue
    const desired = reactionFor(await readIncidents(options, known, incident))
    if (desired !== known.shown) return show(options, marked, post, known, desired)
  }
  return { do: 'idle' }
}

function withIncident(before: Marked | undefined, id: string): { readonly value: Marked } | undefined {
  if (before?.incidents.includes(id)) return undefined
  const incidents = [...(before?.incidents ?? []), id].slice(-mostIncidents)
  return { value: { version, shown: 'none', slot: 0, refused: false, ...before, incidents } }
}

async function readIncidents(
  { incidents: kept }: ReactionOptions,
  { incidents }: Marked,
  own: Incident,
): Promise<readonly Incident[]> {
  const others = incidents.filter((id) => id !== own.id)
  const read = await Promise.all(others.map((id) => kept.read(id)))
  return [own, ...read.filter((it) => it !== undefined)]
}

function reactionFor(incidents: readonly Incident[]): Reaction {
  const states = new Set(incidents.map(({ state }) => state))
  if (states.has('open') || states.has('checking')) return 'eyes'
  return states.has('fixed') ? 'white_check_mark' : 'none'
}

async function show(
  { slack, store, pace, warn, now }: ReactionOptions,
  marked: Records<Marked>,
  { channel, ts }: AlertPost,
  { shown, slot }: Marked,
  desired: Reaction,
): Promise<Next> {
  const put = (change: Partial<Marked>) =>
    marked.change(`${channel} ${ts}`, (before) => before && { value: { ...before, ...change } })
  const at = now().getTime()
  // A place is reserved once and kept: asking again when it has come would yield a later one.
  const wait = slot === 0 ? await store.pace('slack react', pace.edit) : slot - at
  if (wait > 0) {
    if (slot === 0) await put({ slot: at + wait })
    return { do: 'wait', ms: wait }
  }
  const sent = shown !== 'none' ? await slack.unreact(channel, ts, shown) : await slack.react(channel, ts, desired)
  if (sent.outcome === 'limited') {
    await put({ slot: at + sent.ms })
    return { do: 'wait', ms: sent.ms }
  }
  if (sent.outcome === 'unknown') throw new Error(`a reaction in Slack has no certain outcome: ${sent.error}`)
  if (sent.outcome === 'refused') {
    warn('a post cannot be marked with a reaction', { error: sent.error, channel })
    await put({ refused: true })
    return { do: 'continue' }
  }
  await put({ shown: shown === 'none' ? desired : 'none', slot: 0 })
  return { do: 'continue' }
}
