import { setTimeout as sleep } from 'node:timers/promises'
import { errorOfAnswer } from './error-of-answer.ts'
import { errorOfFailure } from './error-of-failure.ts'
import { type Outcome, retryPause } from './retry-pause.ts'
import type { Answer, Question, Transport } from './transport.ts'

/** Asks until there is an answer that stands. Throws ClusterError. */
export interface ApiServer {
  /** The answer if its status is one of `expected`; any other is thrown. */
  ask(question: Question, expected: readonly number[], signal?: AbortSignal): Promise<Answer>
  /** Requests sent so far, repeated ones too. */
  readonly requests: number
}

export function apiServer(transport: Transport): ApiServer {
  let requests = 0

  async function attempt(question: Question, signal?: AbortSignal): Promise<Outcome> {
    requests += 1
    try {
      return await transport.send(question, signal)
    } catch (thrown) {
      return { thrown }
    }
  }

  async function settle(question: Question, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted()
    for (let attempts = 1; ; attempts++) {
      const outcome = await attempt(question, signal)
      const stands = signal?.aborted || (question.passedOn && 'status' in outcome)
      const pause = stands || !mayRepeat(question, outcome) ? undefined : retryPause(outcome, attempts)
      if (pause !== undefined) await sleep(pause, undefined, { ...(signal && { signal }) })
      else if ('thrown' in outcome) throw outcome.thrown
      else return outcome
    }
  }

  async function ask(question: Question, expected: readonly number[], signal?: AbortSignal): Promise<Answer> {
    const answer = await settle(question, signal).catch((thrown) => {
      throw errorOfFailure(thrown, question.asked, transport.address, signal)
    })
    if (expected.includes(answer.status)) return answer
    throw errorOfAnswer(answer, question.asked)
  }

  return {
    ask,
    get requests() {
      return requests
    },
  }
}

/** A write whose answer was lost may have taken effect. One that was turned away (429) has not. */
function mayRepeat({ method = 'GET', repeatable }: Question, outcome: Outcome): boolean {
  const read = method === 'GET' || method === 'HEAD'
  return (repeatable ?? read) || ('status' in outcome && outcome.status === 429)
}
