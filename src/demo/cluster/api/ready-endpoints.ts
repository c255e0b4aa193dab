import { resources } from '../../../kubernetes/resources.ts'
import type { ObjectStore } from './object-store.ts'

export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** Where a port of a Service leads, by its EndpointSlices. */
export function readyEndpoints(
  store: ObjectStore,
  namespace: string,
  service: string,
  portName: string,
): readonly Endpoint[] {
  const slices = store
    .list('endpointslices', namespace)
    .filter(({ metadata }) => metadata.labels['kubernetes.io/service-name'] === service)
    .map((it) => resources.endpointslices.schema.parse(it))
  return slices.flatMap(({ endpoints, ports }) => {
    const port = ports.find((it) => (it.name ?? '') === portName)?.port
    const ready = endpoints.filter(({ conditions }) => conditions.ready !== false)
    return port ? ready.flatMap(({ addresses }) => addresses.map((address) => ({ address, port }))) : []
  })
}
