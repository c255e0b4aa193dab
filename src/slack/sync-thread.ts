import type { Incident } from '../incidents/incident.ts'
import { Later } from '../queue/later.ts'
import { alone } from '../store/alone.ts'
import { records } from '../store/records.ts'
import { formsOf } from './forms.ts'
import { linkToThread } from './link-to-thread.ts'
import { nextStep } from './next-step.ts'
import { takeStep } from './take-step.ts'
import { threadMessages } from './thread-messages.ts'
import { type Thread, threadSchema, threadVersion } from './thread-record.ts'
import type { ThreadWorld } from './thread-world.ts'

/** Milliseconds until it is tried again, where somebody else works on the same thread. */
const again = 500
/** Calls in one go, so that one thread does not hold a worker. */
const mostSteps = 6

/**
 * Makes the thread of an incident what its record says: one step after the other, each recorded. The only place that posts
 * and edits, so that limits, lost answers and stopped workers are met here alone. Safe to run again at any point.
 */
export async function syncThread(world: ThreadWorld, id: string): Promise<void> {
  const done = await alone(world.store, `thread ${id}`, async (lost) => {
    for (let steps = 0; steps < mostSteps; steps++) {
      lost.throwIfAborted()
      const pause = await oneStep(world, id)
      if (pause === undefined) return
      if (pause > 0) return world.queue.add('sync-thread', id, { delay: pause })
    }
    await world.queue.add('sync-thread', id)
  })
  if (done.busy) throw new Later(again)
}

/** Milliseconds until the next step may be taken, 0: now; undefined: there is none. */
async function oneStep(world: ThreadWorld, id: string): Promise<number | undefined> {
  const incident = await world.incidents.read(id)
  if (!incident) return undefined
  const threads = records(world.store, 'thread', { schema: threadSchema, version: threadVersion })
  const thread = (await threads.read(id)) ?? newThread(incident.channel)
  if (thread.problem) return undefined
  const forms = await formsOf(world.store, world.now())
  const into = incident.into ? await linkToThread(world.store, world.slack, incident.into) : undefined
  const link = (await mayLink(world, incident, thread)) ? await linkToThread(world.store, world.slack, id) : undefined
  const shared = thread.messages.root?.ts !== undefined && (await world.channels.isShared(thread.channel))
  const wanted = threadMessages(incident, { forms, begun: thread.begun, into, link, shared })
  const step = nextStep(wanted, thread, world.now())
  if (step.do === 'nothing') return undefined
  if (step.do === 'wait') return step.ms
  return takeStep(world, { incident, thread, threads }, step)
}

/** Other channels may know of a thread that everybody may read. */
async function mayLink({ channels }: ThreadWorld, { echoes }: Incident, { channel }: Thread): Promise<boolean> {
  return echoes.length > 0 && (await channels.isOpen(channel))
}

function newThread(channel: string): Thread {
  return { version: threadVersion, channel, messages: {}, slots: {}, begun: 1, unsure: 0 }
}
