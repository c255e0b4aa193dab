import { z } from 'zod'

const name = z.string().max(253)
/** A namespace and a name, with a slash between them. */
const word = z.string().max(320)

/**
 * The object that an alert claims to be about. These names are not trusted: they are only compared with what the cluster
 * shows. `workload`: `kind` is in Kubernetes' spelling, and absent if the alert does not name it. `words`: a post in which
 * the roles of the words are unknown; if it has a namespace, only objects of that namespace count.
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

/** A post in Slack that reports alerts. */
export const alertPostSchema = z.object({ channel: z.string(), ts: z.string() })
export type AlertPost = z.infer<typeof alertPostSchema>

/** One report of one alert. */
export const alertSchema = z.object({
  /** The post that reports it, in whose thread it is answered. Absent: Alertmanager sent it to the webhook. */
  post: alertPostSchema.optional(),
  /** The name of its rule. */
  name: z.string().max(253),
  /** The identity of the alert: the same in every report of it, and in no other alert. */
  of: z.string().max(64),
  /** The value of its cluster label. Empty: it has none. */
  cluster: name,
  target,
  firing: z.boolean(),
  /** RFC 3339: when it began or ended. Of two reports the later one counts. */
  since: z.iso.datetime(),
  severity: z.enum(['critical', 'warning', 'info']),
  /** The labels by which channels are chosen. */
  labels: z.record(z.string(), z.string()),
})
export type Alert = z.infer<typeof alertSchema>
