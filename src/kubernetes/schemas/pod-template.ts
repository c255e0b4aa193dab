import { z } from 'zod'
import { values } from './values.ts'

const environmentVariable = z.object({ name: z.string(), value: z.string().default('') })
const container = z.object({
  name: z.string(),
  image: z.string().default(''),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z.array(environmentVariable).default([]),
  imagePullPolicy: z.string().default(''),
  resources: z
    .object({ limits: z.record(z.string(), z.union([z.string(), z.number()])).default({}) })
    .default({ limits: {} }),
  ports: z.array(z.object({ name: z.string().default(''), containerPort: z.number() })).default([]),
  readinessProbe: z.looseObject({}).optional(),
})

const volume = z.object({
  name: z.string(),
  image: z.object({ reference: z.string().default(''), pullPolicy: z.string().default('') }).optional(),
  emptyDir: z.looseObject({}).nullish(),
  persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
  hostPath: z.object({ path: z.string() }).optional(),
})

const podSpec = z.object({
  initContainers: z.array(container).default([]),
  containers: z.array(container).default([]),
  ephemeralContainers: z.array(container).default([]),
  imagePullSecrets: z.array(z.object({ name: z.string().default('') })).default([]),
  serviceAccountName: z.string().default(''),
  nodeName: z.string().default(''),
  restartPolicy: z.string().default('Always'),
  volumes: z.array(volume).default([]),
  hostNetwork: z.boolean().default(false),
})

/** What pods are made from: its `spec` is a pod's. */
export const podTemplate = z.object({
  metadata: z.object({ labels: values.names, annotations: values.names }).default({ labels: {}, annotations: {} }),
  spec: podSpec,
})
