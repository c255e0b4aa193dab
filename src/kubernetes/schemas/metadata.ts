import { z } from 'zod'
import { values } from './values.ts'

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
