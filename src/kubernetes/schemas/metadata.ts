import { z } from 'zod'

/** Values that stand in many objects. What a server may leave out has a default, so that a reader need not ask. */
export const values = {
  /** RFC 3339, UTC. */
  time: z.string(),
  /** Labels, annotations, selectors. */
  names: z.record(z.string(), z.string()).default({}),
} as const

const ownerReference = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().default(false),
})

/** What one manager of server-side apply set: of all fields only the images of a workload's containers are read. */
const imagesSet = z
  .object({
    'f:spec': z.object({
      'f:template': z.object({ 'f:spec': z.object({ 'f:containers': z.record(z.string(), z.looseObject({})) }) }),
    }),
  })
  .transform((it) => Object.entries(it['f:spec']['f:template']['f:spec']['f:containers']))
  .transform((containers) => containers.flatMap(([key, fields]) => ('f:image' in fields ? [key] : [])))

/** Of every object. */
export const metadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  generation: z.number().optional(),
  labels: values.names,
  annotations: values.names,
  creationTimestamp: values.time.default(''),
  deletionTimestamp: values.time.optional(),
  ownerReferences: z.array(ownerReference).default([]),
  managedFields: z
    .array(
      z.object({
        manager: z.string().default(''),
        operation: z.string().default(''),
        time: values.time.optional(),
        /** The containers whose image it set, by their keys: `k:{"name":"app"}`. */
        fieldsV1: imagesSet.catch([]),
      }),
    )
    .default([]),
})

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
  lastTransitionTime: values.time.nullish(),
})
/** Of a status. */
export const conditions = z.array(condition).default([])

export const labelSelector = z.object({
  matchLabels: values.names,
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
})
