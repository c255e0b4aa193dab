import { z } from 'zod'
import { labelSelector, metadata, values } from './metadata.ts'

const port = z.union([z.string(), z.number()])
const service = z.object({
  metadata,
  spec: z
    .object({
      type: z.string().default('ClusterIP'),
      clusterIP: z.string().default(''),
      clusterIPs: z.array(z.string()).default([]),
      externalIPs: z.array(z.string()).default([]),
      selector: values.names,
      ports: z
        .array(
          z.object({
            name: z.string().default(''),
            port: z.number(),
            targetPort: port.optional(),
            nodePort: z.number().optional(),
          }),
        )
        .default([]),
    })
    .prefault({}),
  status: z
    .object({
      loadBalancer: z
        .object({
          ingress: z.array(z.object({ ip: z.string().default(''), hostname: z.string().default('') })).default([]),
        })
        .prefault({}),
    })
    .prefault({}),
})

const endpointSlice = z.object({
  metadata,
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()).default([]),
        conditions: z
          .object({ ready: z.boolean().nullish(), serving: z.boolean().nullish(), terminating: z.boolean().nullish() })
          .prefault({}),
        targetRef: z
          .object({ kind: z.string().default(''), namespace: z.string().default(''), name: z.string().default('') })
          .nullish(),
      }),
    )
    .nullish()
    .transform((it) => it ?? []),
  ports: z
    .array(z.object({ name: z.string().nullish(), port: z.number().nullish() }))
    .nullish()
    .transform((it) => it ?? []),
})

const networkPolicy = z.object({
  metadata,
  spec: z
    .object({
      podSelector: labelSelector.prefault({}),
      policyTypes: z.array(z.string()).default([]),
    })
    .prefault({}),
})

const serviceCidr = z.object({ metadata, spec: z.object({ cidrs: z.array(z.string()).default([]) }).prefault({}) })

/** How a connection finds its way to a pod, and what may be in it. */
export const network = { service, endpointSlice, networkPolicy, serviceCidr } as const
