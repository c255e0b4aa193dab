import { isIP } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { isKubernetesName, type ResourceName } from '../../../../kubernetes/resources.ts'
import {
  isJsonObject,
  type JsonObject,
  jsonObject,
  jsonObjects,
  type ObjectStore,
  type StoredObject,
} from '../store.ts'

/** Adds the API server's defaults and admission changes to a new object. */
export function withDefaults(store: ObjectStore, resource: ResourceName, object: StoredObject): StoredObject {
  return makers[resource]?.(object, store) ?? object
}

type Make = (object: StoredObject, store: ObjectStore) => StoredObject

const makers: Partial<Record<ResourceName, Make>> = {
  pods: podDefaults,
  jobs: jobDefaults,
  services: serviceDefaults,
  secrets: secretDefaults,
  namespaces: (object) => ({ ...object, status: { phase: 'Active' } }),
  deployments: (object) => ({
    ...object,
    spec: { strategy: { type: 'RollingUpdate' }, progressDeadlineSeconds: 600, ...workloadSpec(object) },
  }),
  replicasets: (object) => ({ ...object, spec: workloadSpec(object) }),
  statefulsets: (object) => ({ ...object, spec: { podManagementPolicy: 'OrderedReady', ...workloadSpec(object) } }),
}

function workloadSpec({ spec }: StoredObject): JsonObject {
  return { replicas: 1, ...jsonObject(spec), template: template(jsonObject(spec).template) }
}

function template(of: unknown): JsonObject {
  const { metadata, spec } = jsonObject(of)
  return { ...jsonObject(of), metadata: jsonObject(metadata), spec: podSpec(spec) }
}

function podSpec(of: unknown): JsonObject {
  const { containers, initContainers, ...rest } = jsonObject(of)
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    ...rest,
    ...(initContainers !== undefined && { initContainers: jsonObjects(initContainers).map(container) }),
    containers: jsonObjects(containers).map(container),
  }
}

function container(of: JsonObject): JsonObject {
  return { imagePullPolicy: pullPolicy(String(of.image ?? '')), resources: {}, ...of }
}

/** Always for `latest`, written or not: https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting */
function pullPolicy(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1)
  return image.includes('@') || (last.includes(':') && !last.endsWith(':latest')) ? 'IfNotPresent' : 'Always'
}

/** Adds defaults to a pod, and the pull secrets of its ServiceAccount if the pod has none. */
function podDefaults(object: StoredObject, store: ObjectStore): StoredObject {
  const spec = podSpec(object.spec)
  const name = String(spec.serviceAccountName ?? 'default')
  const account = store.get('serviceaccounts', { namespace: String(object.metadata.namespace), name })
  const own = jsonObjects(spec.imagePullSecrets)
  const secrets = own.length > 0 ? own : jsonObjects(account?.imagePullSecrets)
  return {
    ...object,
    spec: { ...spec, serviceAccountName: name, ...(secrets.length > 0 && { imagePullSecrets: secrets }) },
    status: { phase: 'Pending' },
  }
}

/** Generates a Job's selector, unless `manualSelector` is set. */
function jobDefaults(object: StoredObject): StoredObject {
  const spec = jsonObject(object.spec)
  const base = { completions: 1, parallelism: 1, backoffLimit: 6, completionMode: 'NonIndexed', suspend: false }
  const made = template(spec.template)
  if (spec.manualSelector === true) return { ...object, spec: { ...base, ...spec, template: made } }
  const { name, uid } = object.metadata
  const generated = { 'batch.kubernetes.io/controller-uid': uid }
  const legacy = { 'batch.kubernetes.io/job-name': name, 'controller-uid': uid, 'job-name': name }
  const metadata = jsonObject(made.metadata)
  const labels = { ...generated, ...legacy, ...jsonObject(metadata.labels) }
  return {
    ...object,
    spec: {
      ...base,
      selector: { matchLabels: generated },
      ...spec,
      template: { ...made, metadata: { ...metadata, labels } },
    },
  }
}

function serviceDefaults(object: StoredObject, store: ObjectStore): StoredObject {
  const spec = jsonObject(object.spec)
  const clusterIP = String(spec.clusterIP ?? freeAddress(store))
  const ports = jsonObjects(spec.ports).map((port) => ({ protocol: 'TCP', targetPort: port.port, ...port }))
  const addresses = isIP(clusterIP) ? { clusterIPs: [clusterIP] } : {}
  return { ...object, spec: { type: 'ClusterIP', ...spec, clusterIP, ...addresses, ports } }
}

/** Returns a free address of 10.43.0.0/16, the range of k3s. */
function freeAddress(store: ObjectStore): string {
  const taken = new Set(store.list('services').map(({ spec }) => jsonObject(spec).clusterIP))
  const free = Array.from({ length: 250 }, (_, at) => `10.43.128.${at + 1}`).find((it) => !taken.has(it))
  return free ?? 'None'
}

function secretDefaults({ stringData, ...object }: StoredObject): StoredObject {
  const encoded = Object.entries(jsonObject(stringData)).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ])
  const data = { ...jsonObject(object.data), ...Object.fromEntries(encoded) }
  return { type: 'Opaque', ...object, data } as StoredObject // the rest of what it was
}

/** An invalid field, with the API server's message. */
export interface InvalidField {
  readonly field: string
  /** `Invalid value: "x": field is immutable`. */
  readonly message: string
}

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

/** Validates a new object. */
export function invalidWhenMade(resource: ResourceName, object: StoredObject): readonly InvalidField[] {
  const { name } = object.metadata
  const named = isKubernetesName(name) ? [] : [invalid('metadata.name', name, subdomain)]
  return [...named, ...(resource === 'jobs' ? invalidJob(object) : []), ...withoutContainers(resource, object)]
}

/** Of an object that is to be changed: pkg/apis/*\/validation of Kubernetes, as far as a repair could meet it. */
export function invalidWhenChanged(
  resource: ResourceName,
  before: StoredObject,
  after: StoredObject,
): readonly InvalidField[] {
  if (resource === 'pods') return podChange(before, after)
  const paths = immutable[resource] ?? []
  return paths
    .map((path) => ({ path, was: at(before, path), is: at(after, path) }))
    .filter(({ was, is }) => was !== undefined && !isDeepStrictEqual(was, is))
    .map(({ path, is }) =>
      invalid(path, is, path === 'spec.clusterIP' ? 'may not change once set' : 'field is immutable'),
    )
}

const immutable: Partial<Record<ResourceName, readonly string[]>> = {
  jobs: ['spec.completions', 'spec.selector', 'spec.template', 'spec.completionMode'],
  deployments: ['spec.selector'],
  replicasets: ['spec.selector'],
  statefulsets: ['spec.selector', 'spec.serviceName', 'spec.podManagementPolicy'],
  daemonsets: ['spec.selector'],
  services: ['spec.clusterIP'],
  secrets: ['type'],
}

/** Labels of a pod's Job name are limited: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
const labelLimit = 63

function invalidJob({ metadata, spec }: StoredObject): readonly InvalidField[] {
  const { selector, template, manualSelector } = jsonObject(spec)
  const policy = jsonObject(jsonObject(template).spec).restartPolicy
  const wanted = jsonObject(jsonObject(selector).matchLabels)['batch.kubernetes.io/controller-uid']
  const foreign = manualSelector !== true && wanted !== metadata.uid
  return [
    ...(metadata.name.length > labelLimit
      ? [invalid('spec.template.labels', metadata.name, `must be no more than ${labelLimit} bytes`)]
      : []),
    ...(policy === 'Always'
      ? [{ field: 'spec.template.spec.restartPolicy', message: 'Required value: valid values: "OnFailure", "Never"' }]
      : []),
    ...(foreign ? [invalid('spec.selector', selector, '`selector` not auto-generated')] : []),
  ]
}

function withoutContainers(resource: ResourceName, object: StoredObject): readonly InvalidField[] {
  const path = resource === 'pods' ? 'spec' : 'spec.template.spec'
  const spec = at(object, path)
  if (!isJsonObject(spec) || jsonObjects(spec.containers).length > 0) return []
  return [{ field: `${path}.containers`, message: 'Required value' }]
}

const updatable =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

function podChange(before: StoredObject, after: StoredObject): readonly InvalidField[] {
  if (isDeepStrictEqual(fixed(before), fixed(after))) return []
  return [{ field: 'spec', message: `Forbidden: pod updates may not change fields other than ${updatable}` }]
}

/** Returns the immutable part of a pod's spec. */
function fixed({ spec }: StoredObject): JsonObject {
  const { activeDeadlineSeconds: _, tolerations: __, ...rest } = jsonObject(spec)
  const withoutImages = (of: unknown) => jsonObjects(of).map(({ image: _image, ...container }) => container)
  return {
    ...rest,
    containers: withoutImages(rest.containers),
    initContainers: withoutImages(rest.initContainers),
  }
}

function invalid(field: string, value: unknown, why: string): InvalidField {
  return { field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` }
}

function at(object: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((of, key) => jsonObject(of)[key], object)
}
