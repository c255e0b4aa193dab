import { z } from 'zod'
import { conditions, metadata, values } from './metadata.ts'

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

const configMapVolume = z.object({
  name: z.string().default(''),
  items: z.array(z.object({ key: z.string(), path: z.string() })).optional(),
})
const volume = z.object({
  name: z.string(),
  image: z.object({ reference: z.string().default(''), pullPolicy: z.string().default('') }).optional(),
  emptyDir: z.looseObject({}).nullish(),
  persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
  hostPath: z.object({ path: z.string() }).optional(),
  configMap: configMapVolume.optional(),
  // Of its sources only ConfigMaps are read; a Secret among them stays unread.
  projected: z
    .object({ sources: z.array(z.object({ configMap: configMapVolume.optional() })).default([]) })
    .optional()
    .catch(undefined),
})

const nodeExpression = z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) })
const nodeTerm = z.object({
  matchExpressions: z.array(nodeExpression).default([]),
  matchFields: z.array(nodeExpression).default([]),
})

/** Which nodes may run the pod. Preferences are not read: they exclude no node. */
const placement = {
  nodeSelector: values.names,
  tolerations: z
    .array(
      z.object({
        key: z.string().default(''),
        operator: z.string().default('Equal'),
        value: z.string().default(''),
        effect: z.string().default(''),
      }),
    )
    .default([]),
  affinity: z
    .object({
      nodeAffinity: z
        .object({
          requiredDuringSchedulingIgnoredDuringExecution: z
            .object({ nodeSelectorTerms: z.array(nodeTerm).default([]) })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
}

const podSpec = z.object({
  ...placement,
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
