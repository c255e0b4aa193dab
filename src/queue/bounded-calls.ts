import type { QueueServer } from './backends.ts'
import { QueueError } from './queue.ts'
import { withTimeout } from './retry.ts'

/** Milliseconds until a question to a server that is away has failed. */
const patience = 2_000
/** Questions at a time. Where so many wait, the server does not answer, and more would only fill our memory. */
const mostPending = 1_000

export interface BoundedCalls {
  /** Throws QueueError. */
  ask<T>(question: () => Promise<T>): Promise<T>
  /** None is asked any more. */
  end(): void
}

/** Puts questions to the server, each answered or failed in bounded time. */
export function createBoundedCalls(server: QueueServer): BoundedCalls {
  let open = 0
  let ended = false

  async function put<T>(question: () => Promise<T>): Promise<T> {
    if (ended) throw new QueueError('unavailable', 'the queue is closed')
    await server.untilReady(patience)
    if (open >= mostPending) throw new QueueError('unavailable', `${mostPending} questions wait for the queue's server`)
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
      throw new QueueError('unavailable', "the queue's server did not do it", { cause: error })
    })
  }

  return {
    ask,
    end() {
      ended = true
    },
  }
}
