import type { Problem } from '../../slack/validate.ts'
import { Refusal } from './refusal.ts'

/** Throws the Refusal that Slack answers with: the first kind of problem, and all messages of that kind. */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first] = problems
  if (!first) return
  if (first.error === 'house_rule') throw new TypeError('Slack does not know our own rules')
  const messages = problems
    .filter((each) => each.error === first.error)
    .map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`)
  if (!first.error.startsWith('invalid_')) throw new Refusal(first.error)
  throw new Refusal(first.error, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  })
}
