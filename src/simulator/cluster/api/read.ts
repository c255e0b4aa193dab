import { type ResourceName, resources } from '../../../kubernetes/resources.ts'
import { type ApiAddress, apiVersionOf, selectorPairs } from './address.ts'
import { type ApiAnswer, jsonAnswer, notFoundAnswer, statusAnswer } from './answers.ts'
import type { ApiContext, StoredObject } from './store.ts'

export function getObject({ store }: ApiContext, { resource, namespace, name }: ApiAddress): ApiAnswer {
  const object = store.get(resource, { namespace, name })
  return object ? jsonAnswer(200, withVersion(resource, object)) : notFoundAnswer(resource, name)
}

/** Returns one page of a list, by `limit` and `continue`. */
export function listObjects(context: ApiContext, { resource, namespace, query }: ApiAddress): ApiAnswer {
  const { store } = context
  const { fits, refused, counts } = selection(resource, query)
  if (refused) return statusAnswer(400, refused)
  if (resource === 'events') forgetOldEvents(context)
  const found = store.list(resource, namespace).filter(fits)
  const from = Number(query.get('continue') ?? 0)
  const to = from + Number(query.get('limit') ?? found.length)
  // With a selector, the real server does not report the number of remaining items.
  const counted = counts ? { remainingItemCount: found.length - to } : {}
  const rest = to < found.length ? { continue: String(to), ...counted } : {}
  const metadata = { resourceVersion: store.version, ...rest }
  const items = found.slice(from, to).map((it) => withVersion(resource, it))
  return jsonAnswer(200, { kind: 'List', apiVersion: 'v1', metadata, items })
}

export interface Selection {
  readonly fits: (object: StoredObject) => boolean
  /** The server's words where it cannot select by a field. */
  readonly refused: string | undefined
  /** Nothing is selected, so the server says how many more there are. */
  readonly counts: boolean
}

/** What the selectors of a query choose. */
export function selection(resource: ResourceName, query: URLSearchParams): Selection {
  const labels = selectorPairs(query.get('labelSelector'))
  const fields = selectorPairs(query.get('fieldSelector'))
  return {
    fits: (it) =>
      labels.every(([key, value]) => it.metadata.labels[key] === value) &&
      fields.every(([field, value]) => fieldOf(it, field) === value),
    refused: fields.map(([field]) => refusedField(resource, field)).find((it) => it !== undefined),
    counts: labels.length + fields.length === 0,
  }
}

export function withVersion(resource: ResourceName, object: StoredObject): StoredObject {
  return { apiVersion: apiVersionOf(resource), ...object }
}

/** Removes expired events. The server's --event-ttl counts from the last occurrence. */
function forgetOldEvents({ store, clock, options: { eventsLast } }: ApiContext): void {
  if (eventsLast === undefined) return
  for (const event of store.list('events')) {
    const last = Date.parse(String(event.lastTimestamp))
    if (last + eventsLast < clock.now()) store.remove('events', event.metadata)
  }
}

/** Returns a container's log, or the error of pkg/kubelet/kubelet_pods.go, validateContainerLogStatus. */
export function readLog({ store, options }: ApiContext, { namespace, name, query }: ApiAddress): ApiAnswer {
  const object = store.get('pods', { namespace, name })
  if (!object) return notFoundAnswer('pods', name)
  const pod = resources.pods.schema.parse(object)
  const all = [...pod.spec.initContainers, ...pod.spec.containers]
  const container = query.get('container') ?? pod.spec.containers[0]?.name ?? ''
  if (!all.some((it) => it.name === container))
    return statusAnswer(400, `container ${container} is not valid for pod ${name}`)
  const previous = query.get('previous') === 'true'
  const key = `${namespace}/${name}/${container}${previous ? ' previous' : ''}`
  const log = options.logs?.[key] ?? options.nodes?.logOf(key)
  if (log !== undefined) return { status: 200, headers: { 'content-type': 'text/plain' }, body: tail(log, query) }
  const where = `container "${container}" in pod "${name}"`
  if (previous) return statusAnswer(400, `previous terminated ${where} not found`)
  const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses]
  const reason = statuses.find((it) => it.name === container)?.state.waiting?.reason ?? ''
  return statusAnswer(400, `${where} is waiting to start: ${whys[reason] ?? (reason || 'no logs yet')}`)
}

const whys: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
}

function tail(log: string, query: URLSearchParams): string {
  const wanted = query.get('tailLines')
  const lines = log.split('\n')
  const last = wanted === null ? lines : lines.slice(-Number(wanted) - (log.endsWith('\n') ? 1 : 0))
  return last.join('\n').slice(0, Number(query.get('limitBytes') ?? Number.POSITIVE_INFINITY))
}

// The field selectors that Kubernetes 1.36.3 supports, tested one by one. Others are refused with 400.
const own: Partial<Record<ResourceName, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  services: ['spec.clusterIP', 'spec.type'],
  secrets: ['type'],
  jobs: ['status.successful'],
  replicationcontrollers: ['status.replicas'],
}
const ofAll: readonly string[] = ['metadata.name', 'metadata.namespace']

/** Fields whose name in a selector is not their name in the object. */
const paths: Readonly<Record<string, string>> = { 'status.successful': 'status.succeeded' }

/** Returns the server's error for an unsupported field selector. undefined: the field is supported. */
function refusedField(resource: ResourceName, field: string): string | undefined {
  if (ofAll.includes(field) || own[resource]?.includes(field)) return undefined
  if (resource === 'jobs') return `field label "${field}" not supported for Job`
  if (own[resource]) return `field label not supported: ${field}`
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
}

function fieldOf(object: StoredObject, field: string): string {
  const keys = (paths[field] ?? field).split('.')
  const value = keys.reduce<unknown>((of, key) => (of as Record<string, unknown> | undefined)?.[key], object) // absent: ''
  return value === undefined || value === null ? '' : String(value)
}
