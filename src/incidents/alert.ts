import { z } from 'zod'

const name = z.string().max(253)

/**
 * What an alert says that it is about. None of these names is believed, or looked up anywhere: they are compared with what
 * the cluster shows. `words`: a post that does not tell which of its words is which.
 */
const target = z.discriminatedUnion('about', [
  z.object({ about: z.literal('cluster') }),
  z.object({ about: z.literal('namespace'), namespace: name }),
  z.object({ about: z.literal('workload'), namespace: name, name }),
  z.object({ about: z.literal('pod'), namespace: name, pod: name }),
  z.object({ about: z.literal('words'), words: z.array(name).max(50), several: z.boolean() }),
])
export type AlertTarget = z.infer<typeof target>

/** A post in Slack that tells of alerts. */
export const alertPostSchema = z.object({ channel: z.string(), ts: z.string() })
export type AlertPost = z.infer<typeof alertPostSchema>

/** One alert, as it was told once. */
export const alertSchema = z.object({
  /** Where a post tells of it, which is answered there. Absent: Alertmanager told the bot itself, for the channels that want it. */
  post: alertPostSchema.optional(),
  /** Of its rule. */
  name: z.string(),
  /** The same for every delivery of one alert, and for no other alert. */
  of: z.string(),
  /** As its label says it; empty: it does not say. */
  cluster: z.string(),
  target,
  firing: z.boolean(),
  /** RFC 3339: since when it fires or fired. Of two tellings the later one counts. */
  since: z.iso.datetime(),
  severity: z.enum(['critical', 'warning', 'info']),
  /** Those by which channels are chosen. */
  labels: z.record(z.string(), z.string()),
})
export type Alert = z.infer<typeof alertSchema>
