import type { Pod, Resource } from '../../../kubernetes/resources.ts'
import { admitObject } from '../api/writes/create.ts'
import { type Live, typedObjects } from '../objects.ts'
import { controllerReference, isPodReady } from './controller.ts'

type Service = Resource<'services'>
type Port = Service['spec']['ports'][number]

// https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetesioservice-name
const serviceLabel = 'kubernetes.io/service-name'

/** Writes the EndpointSlices of each Service. */
export function endpointSlices(live: Live): undefined {
  for (const service of typedObjects(live.store, 'services'))
    if (Object.keys(service.spec.selector).length > 0) reconcile(live, service)
}

function reconcile(live: Live, service: Service): void {
  const { store } = live
  const { namespace, name } = service.metadata
  const pods = typedObjects(store, 'pods', namespace).filter((pod) => isSelected(pod, service) && hasAddress(pod))
  const ports = service.spec.ports.flatMap((port) => {
    const number = portOf(port, pods)
    return number === undefined ? [] : [{ name: port.name, port: number, protocol: 'TCP' }]
  })
  const endpoints = pods.map((pod) => ({
    addresses: [pod.status.podIP],
    conditions: {
      ready: isPodReady(pod),
      serving: isReady(pod),
      terminating: pod.metadata.deletionTimestamp !== undefined,
    },
    nodeName: pod.spec.nodeName,
    targetRef: { kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid },
  }))
  const known = store.list('endpointslices', namespace).find(({ metadata }) => metadata.labels[serviceLabel] === name)
  const slice = known ?? make(live, service)
  store.put('endpointslices', { ...slice, addressType: 'IPv4', endpoints, ports })
}

function make(live: Live, { metadata: { namespace, name, uid } }: Service) {
  const manifest = {
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      labels: { [serviceLabel]: name },
      ownerReferences: [controllerReference('services', 'Service', { name, uid })],
    },
  }
  return admitObject(live, 'endpointslices', manifest, { namespace, manager: 'kube-controller-manager' })
}

function isSelected({ metadata }: Pod, { spec }: Service): boolean {
  return Object.entries(spec.selector).every(([key, value]) => metadata.labels[key] === value)
}

function hasAddress({ status }: Pod): boolean {
  return status.podIP !== '' && status.phase !== 'Failed' && status.phase !== 'Succeeded'
}

/** Whether a pod can answer, even while it terminates. */
function isReady({ status }: Pod): boolean {
  return status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

/** Returns the number of a target port, which may be the name of a container's port. */
function portOf({ targetPort, port }: Port, pods: readonly Pod[]): number | undefined {
  if (typeof targetPort !== 'string') return targetPort ?? port
  const named = pods.flatMap(({ spec }) => spec.containers).flatMap(({ ports }) => ports)
  return named.find(({ name }) => name === targetPort)?.containerPort
}
