import { z } from 'zod'
import { conditions, labelSelector, metadata, values } from './metadata.ts'
import { podTemplate } from './pod.ts'

/** Deployment, ReplicaSet, StatefulSet, DaemonSet and ReplicationController alike: what they have in common here. */
const workload = z.object({
  metadata,
  spec: z
    .object({
      replicas: z.number().optional(),
      selector: z.union([z.record(z.string(), z.string()), labelSelector]).optional(),
      template: podTemplate.nullish(),
    })
    .prefault({}),
  status: z
    .object({
      replicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      desiredNumberScheduled: z.number().optional(),
      numberReady: z.number().optional(),
      observedGeneration: z.number().default(0),
      updatedReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
      updatedNumberScheduled: z.number().default(0),
      numberAvailable: z.number().default(0),
      currentRevision: z.string().default(''),
      updateRevision: z.string().default(''),
      conditions,
    })
    .prefault({}),
})

/** What a StatefulSet or DaemonSet was before: its template, as a patch. */
const controllerRevision = z.object({
  metadata,
  revision: z.number().default(0),
  data: z
    .object({ spec: z.object({ template: podTemplate }) })
    .optional()
    .catch(undefined),
})

const jobSpec = z.object({
  suspend: z.boolean().default(false),
  completions: z.number().nullish(),
  parallelism: z.number().nullish(),
  backoffLimit: z.number().nullish(),
  template: podTemplate,
})
const job = z.object({
  metadata,
  spec: jobSpec,
  status: z
    .object({
      active: z.number().default(0),
      succeeded: z.number().default(0),
      failed: z.number().default(0),
      startTime: values.time.nullish(),
      completionTime: values.time.nullish(),
      conditions,
    })
    .prefault({}),
})
const cronJob = z.object({
  metadata,
  spec: z.object({
    schedule: z.string().default(''),
    suspend: z.boolean().default(false),
    jobTemplate: z.object({ spec: jobSpec }),
  }),
  status: z.object({ lastScheduleTime: z.string().nullish(), lastSuccessfulTime: z.string().nullish() }).prefault({}),
})

/** What makes pods, and what it was before. */
export const workloads = { workload, controllerRevision, job, cronJob } as const
