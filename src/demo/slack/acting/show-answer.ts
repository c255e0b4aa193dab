import { Refusal } from '../refusal.ts'
import type { AppAnswer } from './app-answer.ts'

/** Shows what an acknowledgement holds, or notes why Slack does not. */
export function showAnswer(answer: AppAnswer, show: (body: unknown) => void): AppAnswer {
  if (answer.status !== 200 || answer.body === undefined || answer.body === null) return answer
  try {
    show(answer.body)
    return answer
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { ...answer, refused: error.code }
  }
}
