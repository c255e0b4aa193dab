import { z } from 'zod'
import { conditions, metadata } from './metadata.ts'

export const node = z.object({
  metadata,
  spec: z
    .object({
      unschedulable: z.boolean().default(false),
      providerID: z.string().default(''),
      taints: z
        .array(z.object({ key: z.string(), value: z.string().default(''), effect: z.string().default('') }))
        .default([]),
    })
    .prefault({}),
  status: z
    .object({
      conditions,
      addresses: z.array(z.object({ type: z.string(), address: z.string() })).default([]),
      images: z
        .array(
          z.object({
            names: z
              .array(z.string())
              .nullish()
              .transform((it) => it ?? []),
            sizeBytes: z.number().optional(),
          }),
        )
        .default([]),
      nodeInfo: z
        .object({
          architecture: z.string().default(''),
          operatingSystem: z.string().default(''),
          containerRuntimeVersion: z.string().default(''),
          kubeletVersion: z.string().default(''),
        })
        .prefault({}),
    })
    .prefault({}),
})
