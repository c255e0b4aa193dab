import { BlockList, isIP } from 'node:net'

/** Who may be contacted. The guard asks it for every address of every host, redirects and token servers included. */
export interface ContactPolicy {
  /** A sentence why not, or undefined. `host` has its port if one was written. */
  refuses(host: string, address: string): string | undefined | Promise<string | undefined>
  /** The operator says that this host speaks plain HTTP. */
  plainHttp(host: string): boolean
  /** Certificates, in PEM, that are trusted for this host beside the system's own. */
  ca?(host: string): string | undefined
}

/** For a person at a terminal: the image's own registry, wherever it is, but what no registry ever is. */
export const personPolicy: ContactPolicy = {
  refuses: (_host, address) => refusedAlways(address),
  plainHttp: () => false,
}

const never = new BlockList()
never.addSubnet('169.254.0.0', 16) // link-local, and the metadata service of most clouds
never.addSubnet('fe80::', 10, 'ipv6')
never.addAddress('fd00:ec2::254', 'ipv6') // the metadata service of AWS over IPv6
never.addAddress('100.100.100.200') // the metadata service of Alibaba Cloud
never.addAddress('168.63.129.16') // the host of a virtual machine on Azure
never.addSubnet('224.0.0.0', 4) // multicast
never.addSubnet('ff00::', 8, 'ipv6')
never.addSubnet('0.0.0.0', 8)
never.addAddress('::', 'ipv6')
never.addAddress('255.255.255.255')

const local = new BlockList()
local.addSubnet('127.0.0.0', 8)
local.addAddress('::1', 'ipv6')
local.addSubnet('10.0.0.0', 8)
local.addSubnet('172.16.0.0', 12)
local.addSubnet('192.168.0.0', 16)
local.addSubnet('fc00::', 7, 'ipv6')

export function refusedAlways(address: string): string | undefined {
  return listed(never, address)
    ? `${address} is a link-local, metadata or multicast address: no registry is there`
    : undefined
}

/** Loopback or private: the only ones that a credential may go to in clear text. */
export function isLocal(address: string): boolean {
  return listed(local, address)
}

function listed(list: BlockList, address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  // BlockList itself reads an IPv4 address in the IPv6 notation ::ffff:a.b.c.d as the IPv4 address.
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
