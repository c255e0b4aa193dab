import { z } from 'zod'
import type { Text } from '../text.ts'

const text = z.custom<Text>()

/** Something that could be done about an incident, as a button of its thread. What it would do stands elsewhere, under its id. */
const offer = z.object({
  id: z.string(),
  action: z.string(),
  /** `Rerun build` */
  label: z.string(),
  /** At most one is primary; in the menu nothing is that could harm. */
  place: z.enum(['primary', 'button', 'menu']),
  /** What is asked before it is done: what, where, what is not touched, what may still go wrong. */
  confirm: z.object({ title: z.string(), text: z.string(), yes: z.string() }),
})
export type Offer = z.infer<typeof offer>

/** What could be done about an incident now, and what is not offered, and why. */
export const offersSchema = z.object({
  offered: z.array(offer).max(12),
  withheld: z.array(z.object({ action: z.string(), reason: text })).max(20),
})
export type Offers = z.infer<typeof offersSchema>

export const noOffers: Offers = { offered: [], withheld: [] }
