import { Later } from '../../queue/queue.ts'
import { alone } from '../../store/lease.ts'
import { records } from '../../store/records.ts'
import { takeStep } from './apply.ts'
import type { ThreadWorld } from './dependencies.ts'
import { nextStep } from './diff.ts'
import { type ThreadSubject, threadSubject } from './links.ts'
import { markPosts } from './reactions.ts'
import { type Thread, threadSchema, threadVersion } from './record.ts'

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
  const subject = await threadSubject(world, id)
  if (!subject) return undefined
  const threads = records(world.store, 'thread', { schema: threadSchema, version: threadVersion })
  const thread = (await threads.read(id)) ?? newThread(subject)
  if (thread.problem) return undefined
  if (subject.silentFor > 0) return (await markPosts(world, id)) ?? subject.silentFor
  const step = nextStep(await subject.wanted(thread), thread, world.now())
  if (step.do === 'nothing') return markPosts(world, id)
  if (step.do === 'wait') return (await markPosts(world, id)) ?? step.ms // a mark waits for no edit
  return takeStep(world, { subject, thread, threads }, step)
}

function newThread({ channel, under }: ThreadSubject): Thread {
  return { version: threadVersion, channel, ...(under && { under }), messages: {}, slots: {}, begun: 1, unsure: 0 }
}
