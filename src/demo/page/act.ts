import { z } from 'zod'

const id = z.string().min(1).max(255)
const words = z.string().max(4_000)
const ts = z.string().regex(/^\d{10}\.\d{6}$/)
const written = { channel: id, thread: ts.optional(), text: words.min(1) }

/** Where something is pressed. */
const place = z.discriminatedUnion('in', [
  z.strictObject({ in: z.literal('message'), channel: id, ts }),
  z.strictObject({ in: z.literal('ephemeral'), channel: id, ts }),
  z.strictObject({ in: z.literal('view'), id }),
])

/** What the viewer does, as the browser says it. */
export const actSchema = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('command'), channel: id, command: z.string().regex(/^\/[\w-]{1,32}$/), text: words }),
  z.strictObject({ act: z.literal('mention'), ...written, text: words }),
  z.strictObject({ act: z.literal('post'), ...written }),
  z.strictObject({
    act: z.literal('press'),
    place,
    actionId: id,
    blockId: id,
    value: words.optional(),
    confirmed: z.boolean(),
  }),
  z.strictObject({
    act: z.literal('submit'),
    view: id,
    values: z.record(id, z.union([words, z.array(words).max(100)])),
  }),
  z.strictObject({ act: z.literal('close'), view: id }),
  z.strictObject({ act: z.literal('shortcut'), channel: id, ts, callbackId: id }),
  z.strictObject({ act: z.literal('react'), channel: id, ts, name: z.string().regex(/^[\w+'-]{1,100}$/) }),
  z.strictObject({ act: z.literal('invite'), channel: id }),
  z.strictObject({ act: z.literal('run'), extra: id }),
])

export type Act = z.infer<typeof actSchema>
export type Place = z.infer<typeof place>
