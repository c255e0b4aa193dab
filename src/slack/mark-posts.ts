import { z } from 'zod'
import type { AlertPost } from '../incidents/alert.ts'
import type { Incident } from '../incidents/incident.ts'
import { type Records, records } from '../store/records.ts'
import type { ThreadWorld } from './thread-world.ts'

const version = 1
/** How things stand, as a reaction to somebody else's post: `eyes` while something is open, then `white_check_mark`. */
const reaction = z.enum(['none', 'eyes', 'white_check_mark'])
type Reaction = z.infer<typeof reaction>
const schema = z.object({
  version: z.literal(version),
  /** Incidents that the post tells of. */
  incidents: z.array(z.string()).max(50),
  shown: reaction,
  /** Slack refuses it, and is not asked again: a scope is missing, or the post is gone. */
  refused: z.boolean().default(false),
})
type Marked = z.infer<typeof schema>

const mostIncidents = 50

/** Shows the state of incidents on the posts of others that tell of them. Milliseconds until it may; undefined: it is done. */
export async function markPosts(world: ThreadWorld, id: string): Promise<number | undefined> {
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
  return { value: { version, shown: 'none', refused: false, ...before, incidents } }
}

async function incidentsOf(world: ThreadWorld, { incidents }: Marked, own: Incident): Promise<readonly Incident[]> {
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
  { slack, store, pace, warn }: ThreadWorld,
  marked: Records<Marked>,
  { channel, ts }: AlertPost,
  { shown }: Marked,
  wanted: Reaction,
): Promise<number | undefined> {
  const wait = await store.pace('slack react', pace.edit)
  if (wait > 0) return wait
  const put = (change: Partial<Marked>) =>
    marked.change(`${channel} ${ts}`, (before) => before && { value: { ...before, ...change } })
  const sent = shown !== 'none' ? await slack.unreact(channel, ts, shown) : await slack.react(channel, ts, wanted)
  if (sent.outcome === 'limited') return sent.ms
  if (sent.outcome === 'unknown') return undefined // to do it again does no harm, and it waits for the next occasion
  if (sent.outcome === 'refused') {
    warn('a post cannot be marked with a reaction', { error: sent.error, channel })
    await put({ refused: true })
    return 0
  }
  await put({ shown: shown === 'none' ? wanted : 'none' })
  return 0
}
