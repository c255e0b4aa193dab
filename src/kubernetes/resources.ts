import { z } from 'zod'
import { event } from './schemas/event.ts'
import { metadata } from './schemas/metadata.ts'
import { network } from './schemas/network.ts'
import { node } from './schemas/node.ts'
import { pod } from './schemas/pod.ts'
import { workloads } from './schemas/workloads.ts'

// Only the fields that are used. Everything that a server may leave out has a default, so that a reader need not ask.
const secret = z.object({
  metadata,
  type: z.string().default('Opaque'),
  data: z.record(z.string(), z.string()).default({}),
})
const serviceAccount = z.object({
  metadata,
  imagePullSecrets: z.array(z.object({ name: z.string().default('') })).default([]),
})
const configMap = z.object({ metadata, data: z.record(z.string(), z.string()).default({}) })
const namespace = z.object({ metadata })
const claim = z.object({ metadata, spec: z.object({ accessModes: z.array(z.string()).default([]) }).prefault({}) })

const core = '/api/v1'
const apps = '/apis/apps/v1'
const batch = '/apis/batch/v1'

/** Every resource that is read: its plural name, where the API server has it, and what is used of it. */
export const resources = {
  pods: { api: core, namespaced: true, schema: pod },
  events: { api: core, namespaced: true, schema: event },
  nodes: { api: core, namespaced: false, schema: node },
  namespaces: { api: core, namespaced: false, schema: namespace },
  services: { api: core, namespaced: true, schema: network.service },
  configmaps: { api: core, namespaced: true, schema: configMap },
  secrets: { api: core, namespaced: true, schema: secret },
  persistentvolumeclaims: { api: core, namespaced: true, schema: claim },
  serviceaccounts: { api: core, namespaced: true, schema: serviceAccount },
  replicationcontrollers: { api: core, namespaced: true, schema: workloads.workload },
  deployments: { api: apps, namespaced: true, schema: workloads.workload },
  replicasets: { api: apps, namespaced: true, schema: workloads.workload },
  statefulsets: { api: apps, namespaced: true, schema: workloads.workload },
  daemonsets: { api: apps, namespaced: true, schema: workloads.workload },
  controllerrevisions: { api: apps, namespaced: true, schema: workloads.controllerRevision },
  jobs: { api: batch, namespaced: true, schema: workloads.job },
  cronjobs: { api: batch, namespaced: true, schema: workloads.cronJob },
  endpointslices: { api: '/apis/discovery.k8s.io/v1', namespaced: true, schema: network.endpointSlice },
  networkpolicies: { api: '/apis/networking.k8s.io/v1', namespaced: true, schema: network.networkPolicy },
  servicecidrs: { api: '/apis/networking.k8s.io/v1', namespaced: false, schema: network.serviceCidr },
} as const

export type ResourceName = keyof typeof resources
export type Resource<Name extends ResourceName> = z.infer<(typeof resources)[Name]['schema']>

export type Pod = Resource<'pods'>
export type Container = Pod['spec']['containers'][number]
export type ContainerStatus = Pod['status']['containerStatuses'][number]
export type PodEvent = Resource<'events'>
export type OwnerReference = Pod['metadata']['ownerReferences'][number]

/** Where the API server has an object, or the collection that it is in. */
export function resourcePath(resource: ResourceName, namespace: string | undefined, name?: string): string {
  const { api, namespaced } = resources[resource]
  const place = namespaced && namespace ? ['namespaces', namespace] : []
  return [api, ...[...place, resource, ...(name ? [name] : [])].map(encodeURIComponent)].join('/')
}

/**
 * RFC 1123 subdomain, which every name that is asked for here must be: lower-case letters, digits, "-" and ".", at most
 * 253. See https://kubernetes.io/docs/concepts/overview/working-with-objects/names/. It has no "/" and is never "..",
 * so that it cannot lead a URL elsewhere.
 */
export function isKubernetesName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]$|^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name) && !/[.]{2}|[.]-|-[.]/.test(name)
}
