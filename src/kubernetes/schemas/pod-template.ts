import { z } from 'zod'
import { values } from './values.ts'

const configMapKey = z.object({ name: z.string().default(''), key: z.string().default('') })
const environmentVariable = z.object({
  name: z.string(),
  value: z.string().default(''),
  // Of a Secret only that there is one: neither its name nor its key is used.
  valueFrom: z
    .object({
      configMapKeyRef: configMapKey.optional(),
      fieldRef: z.object({ fieldPath: z.string().default('') }).optional(),
    })
    .nullish(),
})
const environmentSource = z.object({
  prefix: z.string().default(''),
  configMapRef: z.object({ name: z.string().default('') }).optional(),
})
const volumeMount = z.object({ name: z.string(), mountPath: z.string().default(''), subPath: z.string().default('') })
const container = z.object({
  name: z.string(),
  image: z.string().default(''),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z.array(environmentVariable).default([]),
  envFrom: z.array(environmentSource).default([]),
  volumeMounts: z.array(volumeMount).default([]),
  restartPolicy: z.string().default(''),
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
  configMap: z.object({ name: z.string().default('') }).optional(),
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
