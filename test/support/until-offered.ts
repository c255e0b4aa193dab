import type { Message } from '../../src/simulator/slack/workspace/records.ts'
import type { Acting } from './acting.ts'
import type { ActingCase } from './acting-cases.ts'

/** It fails, somebody asks, and the button is there. */
export async function untilOffered(talk: Acting, { fail, target, button }: ActingCase): Promise<Message> {
  await fail(talk.cluster)
  await talk.ask(target)
  return talk.hears(button)
}
