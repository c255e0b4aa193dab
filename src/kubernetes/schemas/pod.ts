import { z } from 'zod'
import { conditions } from './conditions.ts'
import { metadata } from './metadata.ts'
import { podTemplate } from './pod-template.ts'
import { values } from './values.ts'

const stateEntry = z.object({
  reason: z.string().default(''),
  message: z.string().default(''),
  exitCode: z.number().optional(),
  startedAt: values.time.nullish(),
  finishedAt: values.time.nullish(),
})
const containerState = z.object({
  waiting: stateEntry.optional(),
  running: stateEntry.optional(),
  terminated: stateEntry.optional(),
})
const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  image: z.string().default(''),
  imageID: z.string().default(''),
  state: containerState.default({}),
  lastState: containerState.default({}),
})

export const pod = z.object({
  metadata,
  spec: podTemplate.shape.spec,
  status: z
    .object({
      phase: z.string().default(''),
      reason: z.string().default(''),
      message: z.string().default(''),
      podIP: z.string().default(''),
      startTime: values.time.nullish(),
      conditions,
      initContainerStatuses: z.array(containerStatus).default([]),
      containerStatuses: z.array(containerStatus).default([]),
      ephemeralContainerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
})
