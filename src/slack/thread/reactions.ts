import { z } from 'zod'
import type { AlertPost } from '../../incidents/alerts/alert.ts'
import type { Incident } from '../../incidents/incident.ts'
import { type Records, records } from '../../store/records.ts'
import type { SlackApi } from '../api.ts'
import type { ThreadWorld } from './dependencies.ts'

const version = 1
/** How things stand, as a reaction to somebody else's post: `eyes` while something is open, then `white_check_mark`. */
const reaction = z.enum(['none', 'eyes', 'white_check_mark'])
type Reaction = z.infer<typeof reaction>
const schema = z.object({
  version: z.literal(version),
  /** Incidents that the post tells of. */
  incidents: z.array(z.string()).max(50),
  shown: reaction,
  /** The place that was reserved in the pace of reactions: milliseconds since 1970. 0: none. */
  slot: z.number().default(0),
  /** Slack refuses it, and is not asked again: a scope is missing, or the post is gone. */
  refused: z.boolean().default(false),
})
type Marked = z.infer<typeof schema>

const mostIncidents = 50

type MarkWorld = Pick<ThreadWorld, 'incidents' | 'store' | 'pace' | 'warn' | 'now'> & {
  readonly slack: Pick<SlackApi, 'react' | 'unreact'>
}

/**
 * Shows the state of incidents on the posts of others that tell of them. Milliseconds until it may; undefined: it is done.
 * Throws where Slack's answer was lost: to do it again does no harm.
 */
export async function markPosts(world: MarkWorld, id: string): Promise<number | undefined> {
  const incident = await world.incidents.read(id)
  if (!incident || incident.posts.length === 0) return undefined
  const marked = records(world.store, 'alert-post', { schema, version })
  for (const post of incident.posts) {
    const known = await marked.change(`${post.channel} ${post.ts}`, (before) => withIncident(before, id))
    if (!known || known.refused) continue
    const wanted = reactionOf(await incidentsOf(world, known, incident))
    if (wanted === known.shown) continue
    const pause = await show(world, marked, post, known, wanted)
    if (pause !== undefined) return pause
  }
  return undefined
}

function withIncident(before: Marked | undefined, id: string): { readonly value: Marked } | undefined {
  if (before?.incidents.includes(id)) return undefined
  const incidents = [...(before?.incidents ?? []), id].slice(-mostIncidents)
  return { value: { version, shown: 'none', slot: 0, refused: false, ...before, incidents } }
}

async function incidentsOf(world: MarkWorld, { incidents }: Marked, own: Incident): Promise<readonly Incident[]> {
  const others = incidents.filter((id) => id !== own.id)
  const read = await Promise.all(others.map((id) => world.incidents.read(id)))
  return [own, ...read.filter((it) => it !== undefined)]
}

function reactionOf(incidents: readonly Incident[]): Reaction {
  const states = new Set(incidents.map(({ state }) => state))
  if (states.has('open') || states.has('checking')) return 'eyes'
  return states.has('fixed') ? 'white_check_mark' : 'none'
}

async function show(
  { slack, store, pace, warn, now }: MarkWorld,
  marked: Records<Marked>,
  { channel, ts }: AlertPost,
  { shown, slot }: Marked,
  wanted: Reaction,
): Promise<number | undefined> {
  const put = (change: Partial<Marked>) =>
    marked.change(`${channel} ${ts}`, (before) => before && { value: { ...before, ...change } })
  const at = now().getTime()
  // A place is reserved once, and kept: who asks again when it has come is given a later one.
  const wait = slot === 0 ? await store.pace('slack react', pace.edit) : slot - at
  if (wait > 0) {
    if (slot === 0) await put({ slot: at + wait })
    return wait
  }
  const sent = shown !== 'none' ? await slack.unreact(channel, ts, shown) : await slack.react(channel, ts, wanted)
  if (sent.outcome === 'limited') {
    await put({ slot: at + sent.ms })
    return sent.ms
  }
  if (sent.outcome === 'unknown') throw new Error(`a reaction in Slack has no certain outcome: ${sent.error}`)
  if (sent.outcome === 'refused') {
    warn('a post cannot be marked with a reaction', { error: sent.error, channel })
    await put({ refused: true })
    return 0
  }
  await put({ shown: shown === 'none' ? wanted : 'none', slot: 0 })
  return 0
}
