import type { IncidentRecords } from '../../incidents/records.ts'
import { Later, type Queue } from '../../queue/queue.ts'
import { withLease } from '../../store/lease.ts'
import type { SlackApi } from '../api.ts'
import type { ChannelCache } from '../channel-cache.ts'
import { type StepOptions, takeStep } from './apply.ts'
import { type Next, nextStep } from './diff.ts'
import { readSubject, type ThreadSubject } from './links.ts'
import { markPosts } from './reactions.ts'
import { type Thread, threadRecords, threadVersion } from './record.ts'

/** Milliseconds until the job runs again when another worker holds the same thread. */
const busyRetry = 500
/** Steps in one job, so that one thread does not hold a worker. */
const mostSteps = 6

export interface ThreadSyncOptions extends StepOptions {
  readonly slack: SlackApi
  readonly incidents: IncidentRecords
  readonly queue: Pick<Queue, 'add'>
  readonly channels: ChannelCache
}

/**
 * Makes the function that brings the thread of an incident to the state of its record, one recorded step after the other.
 * Nothing else posts or edits, so limits, lost answers and stopped workers are handled here alone. It is safe to run again
 * at any point. It throws Later while another worker holds the thread, and Error where Slack's answer was lost.
 */
export function createThreadSync(options: ThreadSyncOptions): (id: string) => Promise<void> {
  const { store, queue } = options
  return async (id) => {
    const done = await withLease(store, `thread ${id}`, async (lost) => {
      for (let steps = 0; steps < mostSteps; steps++) {
        lost.throwIfAborted()
        const next = await syncOnce(options, id)
        if (next.do === 'idle') return
        if (next.do === 'wait') return queue.add('sync-thread', id, { delay: next.ms })
      }
      await queue.add('sync-thread', id)
    })
    if (done.busy) throw new Later(busyRetry)
  }
}

async function syncOnce(options: ThreadSyncOptions, id: string): Promise<Next> {
  const subject = await readSubject(options, id)
  if (!subject) return { do: 'idle' }
  const threads = threadRecords(options.store)
  const thread = (await threads.read(id)) ?? newThread(subject)
  if (thread.problem) return { do: 'idle' }
  if (subject.silentFor > 0) return markedOr(options, id, { do: 'wait', ms: subject.silentFor })
  const step = nextStep(await subject.desired(thread), thread, options.now())
  if (step.do === 'idle' || step.do === 'wait') return markedOr(options, id, step)
  return takeStep(options, { id, thread, threads }, step)
}

/** A reaction does not wait for an edit: it comes first where one is missing. */
async function markedOr(options: ThreadSyncOptions, id: string, otherwise: Next): Promise<Next> {
  const marked = await markPosts(options, id)
  return marked.do === 'idle' ? otherwise : marked
}

function newThread({ channel, under }: ThreadSubject): Thread {
  return { version: threadVersion, channel, ...(under && { under }), messages: {}, slots: {}, begun: 1, unsure: 0 }
}
