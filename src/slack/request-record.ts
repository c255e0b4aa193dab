import { z } from 'zod'

/** Of the record's form. */
export const requestVersion = 1

/** What a person asked for, kept until it is answered. Jobs carry its id alone. */
export const requestSchema = z.object({
  version: z.literal(requestVersion),
  id: z.string(),
  at: z.iso.datetime(),
  user: z.string(),
  channel: z.string(),
  /** In a thread: its root. */
  thread: z.string().optional(),
  /** As it was typed, or chosen; empty: what cannot pull now. */
  typed: z.string(),
  /** Where an answer that only this person sees can go; it ends after 30 minutes and five answers. */
  responseUrl: z.string().optional(),
  /** A direct message: with the bot, or between people, where the bot cannot post. */
  direct: z.boolean().default(false),
  /** The incident that it may begin. */
  incident: z.string(),
  /** Targets that were offered to choose from, in their order. */
  choices: z.array(z.string()).max(100).default([]),
})

export type Request = z.infer<typeof requestSchema>
