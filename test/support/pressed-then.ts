import { type Acting, acting } from './acting.ts'
import type { ActingCase } from './acting-cases.ts'
import { type ActingRecords, actingRecords } from './acting-records.ts'
import { buttonValue } from './button-value.ts'
import { untilOffered } from './until-offered.ts'

export interface Between {
  readonly talk: Acting
  readonly records: ActingRecords
  /** Of the approval. */
  readonly id: string
}

/** A button is offered and pressed, and before a worker comes to it, somebody does something. */
export async function pressedThen(
  of: ActingCase,
  meanwhile: (of: Between) => unknown,
  changed?: object,
): Promise<Acting> {
  const talk = await acting({ redis: true, role: 'web' })
  const worker = await talk.worker()
  await untilOffered(talk, of)
  await worker.stop()
  await using records = await actingRecords(talk)
  const id = buttonValue(talk.own(), of.action)
  await talk.press(of.action)
  await records.until(id, ({ state }) => state === 'approved')
  await meanwhile({ talk, records, id })
  await talk.worker(changed)
  return talk
}
