import { z } from 'zod'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'

/** The version of the record. */
export const requestVersion = 1

/** What a person asked for. Jobs carry only its id. */
const requestSchema = z.object({
  version: z.literal(requestVersion),
  id: z.string(),
  at: z.iso.datetime(),
  user: z.string(),
  channel: z.string(),
  /** In a thread: its root. */
  thread: z.string().optional(),
  /** The target as it was typed or chosen. Empty: all failing image pulls. */
  typed: z.string(),
  /** Where Slack takes an answer that only this person sees, for 30 minutes and five answers. */
  responseUrl: z.string().optional(),
  /** A direct message: with the bot, or between people, where the bot cannot post. */
  direct: z.boolean().default(false),
  /** The id of the incident that this request may open. */
  incident: z.string(),
  /** Targets that a reply offered, in its order. */
  choices: z.array(z.string()).max(100).default([]),
})

export type Request = z.infer<typeof requestSchema>

/** The store's records of requests. */
export function requestRecords(store: Store) {
  return records(store, 'request', { schema: requestSchema, version: requestVersion })
}
