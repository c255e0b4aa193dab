import { isIP } from 'node:net'
import type { ResourceName } from '../../../../kubernetes/resources.ts'
import { type JsonObject, jsonObject, jsonObjects } from '../json.ts'
import type { ObjectStore, StoredObject } from '../store.ts'

/** What the API server writes into a new object where its maker wrote nothing: defaults, and admission. */
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

/** With the pull secrets of its ServiceAccount, which it gets only when it has none of its own. */
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

/** Its selector is generated, unless `manualSelector` says that it is written by hand. */
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

/** Of 10.43.0.0/16, the range of k3s. */
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
