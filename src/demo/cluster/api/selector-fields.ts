import type { ResourceName } from '../../../kubernetes/resources.ts'
import type { StoredObject } from './stored-objects.ts'

// What Kubernetes 1.36.3 evaluates, asked one by one; everything else is refused with 400.
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

/** The server's words where it cannot select by a field. undefined: it can. */
export function refusedField(resource: ResourceName, field: string): string | undefined {
  if (ofAll.includes(field) || own[resource]?.includes(field)) return undefined
  if (resource === 'jobs') return `field label "${field}" not supported for Job`
  if (own[resource]) return `field label not supported: ${field}`
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
}

export function fieldOf(object: StoredObject, field: string): string {
  const keys = (paths[field] ?? field).split('.')
  const value = keys.reduce<unknown>((of, key) => (of as Record<string, unknown> | undefined)?.[key], object) // absent: ''
  return value === undefined || value === null ? '' : String(value)
}
