import { z } from 'zod'

// Only the fields that are used. Everything that a server may leave out has a default, so that a reader need not ask.
const time = z.string() // RFC 3339, UTC
const names = z.record(z.string(), z.string()).default({})

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

const metadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  generation: z.number().optional(),
  labels: names,
  annotations: names,
  creationTimestamp: time.default(''),
  deletionTimestamp: time.optional(),
  ownerReferences: z.array(ownerReference).default([]),
  managedFields: z
    .array(
      z.object({
        manager: z.string().default(''),
        operation: z.string().default(''),
        time: time.optional(),
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
  lastTransitionTime: time.nullish(),
})
const conditions = z.array(condition).default([])

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

const podTemplate = z.object({
  metadata: z.object({ labels: names, annotations: names }).default({ labels: {}, annotations: {} }),
  spec: podSpec,
})

const stateEntry = z.object({
  reason: z.string().default(''),
  message: z.string().default(''),
  exitCode: z.number().optional(),
  startedAt: time.nullish(),
  finishedAt: time.nullish(),
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

const pod = z.object({
  metadata,
  spec: podSpec,
  status: z
    .object({
      phase: z.string().default(''),
      reason: z.string().default(''),
      message: z.string().default(''),
      podIP: z.string().default(''),
      startTime: time.nullish(),
      conditions,
      initContainerStatuses: z.array(containerStatus).default([]),
      containerStatuses: z.array(containerStatus).default([]),
      ephemeralContainerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
})

const event = z.object({
  metadata,
  type: z.string().default('Normal'),
  reason: z.string().default(''),
  message: z.string().default(''),
  count: z.number().nullish(),
  firstTimestamp: time.nullish(),
  lastTimestamp: time.nullish(),
  eventTime: time.nullish(),
  /** `host`: the node, where a kubelet speaks. */
  source: z.object({ host: z.string().default('') }).prefault({}),
  involvedObject: z
    .object({
      kind: z.string().default(''),
      namespace: z.string().default(''),
      name: z.string().default(''),
      uid: z.string().default(''),
      fieldPath: z.string().default(''),
    })
    .prefault({}),
})

const node = z.object({
  metadata,
  spec: z.object({ unschedulable: z.boolean().default(false) }).prefault({}),
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

const port = z.union([z.string(), z.number()])
const service = z.object({
  metadata,
  spec: z
    .object({
      type: z.string().default('ClusterIP'),
      clusterIP: z.string().default(''),
      clusterIPs: z.array(z.string()).default([]),
      externalIPs: z.array(z.string()).default([]),
      selector: names,
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

const labelSelector = z.object({
  matchLabels: names,
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
})

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
      startTime: time.nullish(),
      completionTime: time.nullish(),
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

const secret = z.object({
  metadata,
  type: z.string().default('Opaque'),
  data: z.record(z.string(), z.string()).default({}),
})
const serviceAccount = z.object({
  metadata,
  imagePullSecrets: z.array(z.object({ name: z.string().default('') })).default([]),
})
const namespace = z.object({ metadata })
const claim = z.object({ metadata, spec: z.object({ accessModes: z.array(z.string()).default([]) }).prefault({}) })
const serviceCidr = z.object({ metadata, spec: z.object({ cidrs: z.array(z.string()).default([]) }).prefault({}) })

const core = '/api/v1'
const apps = '/apis/apps/v1'
const batch = '/apis/batch/v1'

/** Every resource that is read: its plural name, where the API server has it, and what is used of it. */
export const resources = {
  pods: { api: core, namespaced: true, schema: pod },
  events: { api: core, namespaced: true, schema: event },
  nodes: { api: core, namespaced: false, schema: node },
  namespaces: { api: core, namespaced: false, schema: namespace },
  services: { api: core, namespaced: true, schema: service },
  secrets: { api: core, namespaced: true, schema: secret },
  persistentvolumeclaims: { api: core, namespaced: true, schema: claim },
  serviceaccounts: { api: core, namespaced: true, schema: serviceAccount },
  replicationcontrollers: { api: core, namespaced: true, schema: workload },
  deployments: { api: apps, namespaced: true, schema: workload },
  replicasets: { api: apps, namespaced: true, schema: workload },
  statefulsets: { api: apps, namespaced: true, schema: workload },
  daemonsets: { api: apps, namespaced: true, schema: workload },
  controllerrevisions: { api: apps, namespaced: true, schema: controllerRevision },
  jobs: { api: batch, namespaced: true, schema: job },
  cronjobs: { api: batch, namespaced: true, schema: cronJob },
  endpointslices: { api: '/apis/discovery.k8s.io/v1', namespaced: true, schema: endpointSlice },
  networkpolicies: { api: '/apis/networking.k8s.io/v1', namespaced: true, schema: networkPolicy },
  servicecidrs: { api: '/apis/networking.k8s.io/v1', namespaced: false, schema: serviceCidr },
} as const

export type ResourceName = keyof typeof resources
export type Resource<Name extends ResourceName> = z.infer<(typeof resources)[Name]['schema']>

export type Pod = Resource<'pods'>
export type Container = Pod['spec']['containers'][number]
export type ContainerStatus = Pod['status']['containerStatuses'][number]
export type PodEvent = Resource<'events'>
export type OwnerReference = Pod['metadata']['ownerReferences'][number]
