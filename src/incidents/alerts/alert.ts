import { z } from 'zod'

const name = z.string().max(253)
/** A namespace and a name, with a slash between them. */
const word = z.string().max(320)

/**
 * What an alert says that it is about. None of these names is believed, or looked up anywhere: they are compared with what
 * the cluster shows. `workload`: `kind` is as Kubernetes writes it, absent where the alert does not tell. `words`: a post that
 * does not tell which of its words is which; with a namespace only what is in it counts.
 */
const target = z.discriminatedUnion('about', [
  z.object({ about: z.literal('cluster') }),
  z.object({ about: z.literal('namespace'), namespace: name }),
  z.object({ about: z.literal('workload'), namespace: name, name, kind: name.optional() }),
  z.object({ about: z.literal('pod'), namespace: name, pod: name }),
  z.object({
    about: z.literal('words'),
    words: z.array(word).max(50),
    several: z.boolean(),
    namespace: name.optional(),
  }),
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
  name: z.string().max(253),
  /** The same for every delivery of one alert, and for no other alert. */
  of: z.string().max(64),
  /** As its label says it; empty: it does not say. */
  cluster: name,
  target,
  firing: z.boolean(),
  /** RFC 3339: since when it fires or fired. Of two tellings the later one counts. */
  since: z.iso.datetime(),
  severity: z.enum(['critical', 'warning', 'info']),
  /** Those by which channels are chosen. */
  labels: z.record(z.string(), z.string()),
})
export type Alert = z.infer<typeof alertSchema>
