import { BlockList, isIP } from 'node:net'
import { check, maybe } from '../../../diagnosis/check.ts'
import { theCluster } from '../inputs.ts'

/** The addresses that Services get: `read` from the cluster, or `inferred` from one Service where it does not tell. */
export interface ServiceRange {
  readonly cidrs: readonly string[]
  readonly known: 'read' | 'inferred'
}

// Kubernetes 1.33 and newer.
const serviceCidrs = check({
  id: 'service-cidrs',
  doing: 'Reading the range of Service addresses',
  needs: { cluster: theCluster },
  async gather({ cluster }, signal) {
    const ranges = await cluster.list('servicecidrs', {}, signal)
    return ranges.items.flatMap((range) => range.spec.cidrs)
  },
})

// Every cluster has this Service, at the first address of the range. /16 is what k3s has, and no more than a guess.
const firstService = check({
  id: 'first-service',
  doing: 'Reading the range of Service addresses',
  needs: { cluster: theCluster },
  gather: ({ cluster }, signal) => cluster.get('services', { namespace: 'default', name: 'kubernetes' }, signal),
})

export const serviceRange = check({
  id: 'service-range',
  doing: 'Reading the range of Service addresses',
  needs: { cidrs: maybe(serviceCidrs), first: maybe(firstService) },
  async gather({ cidrs, first }): Promise<ServiceRange> {
    if (cidrs.known && cidrs.value.length > 0) return { cidrs: cidrs.value, known: 'read' }
    const address = first.known ? (first.value?.spec.clusterIP ?? '') : ''
    return {
      cidrs: isIP(address) === 4 ? [`${address.split('.').slice(0, 2).join('.')}.0.0/16`] : [],
      known: 'inferred',
    }
  },
})

export function isInRange(address: string, { cidrs }: ServiceRange): boolean {
  const family = isIP(address)
  if (!family) return false
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [network = '', bits = ''] = cidr.split('/')
    if (isIP(network)) list.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4')
  }
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
