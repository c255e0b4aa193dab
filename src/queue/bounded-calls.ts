import type { QueueServer } from './backends.ts'
import { QueueError } from './queue.ts'
import { withTimeout } from './retry.ts'

/** Milliseconds after which a request to an unreachable server fails. */
const patience = 2_000
/** Concurrent requests. If so many wait, the server does not answer, and more of them would only fill the memory. */
const mostPending = 1_000

export interface BoundedCalls {
  /** Sends a request. Throws QueueError. */
  ask<T>(question: () => Promise<T>): Promise<T>
  /** Refuses all further requests. */
  end(): void
}

/** Sends requests to the queue's server. Each is answered or fails in bounded time. */
export function createBoundedCalls(server: QueueServer): BoundedCalls {
  let open = 0
  let ended = false

  async function put<T>(question: () => Promise<T>): Promise<T> {
    if (ended) throw new QueueError('unavailable', 'the queue is closed')
    await server.untilReady(patience)
    if (open >= mostPending) throw new QueueError('unavailable', `${mostPending} requests wait for the queue's server`)
    open += 1
    return question().finally(() => {
      open -= 1
    })
  }

  function ask<T>(question: () => Promise<T>): Promise<T> {
    const late = (): never => {
      throw new QueueError('unavailable', `the queue's server did not answer within ${patience / 1_000} s`)
    }
    return withTimeout(patience, put(question), late).catch((error) => {
      if (error instanceof QueueError) throw error
      throw new QueueError('unavailable', "the queue's server refused a request", { cause: error })
    })
  }

  return {
    ask,
    end() {
      ended = true
    },
  }
}
