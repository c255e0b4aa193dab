import { BlockList, isIP } from 'node:net'
import type { Secret } from '../../secret.ts'
import { apiHost, isKnownPartOf, isPublicName } from './public-registries.ts'

/** Who may be contacted. The guard asks it for every address of every host, redirects and token servers included. */
export interface ContactPolicy {
  /**
   * A sentence why not, or undefined. `host` has its port if it is not the scheme's own. `registry` is the one that is
   * asked, in the same form: another host is where it redirects, or where it names its token server.
   */
  refuses(host: string, address: string, registry: string): string | undefined | Promise<string | undefined>
  /** The operator says that this host speaks plain HTTP. */
  plainHttp(host: string): boolean
  /** Certificates, in PEM, that are trusted for this host beside the system's own. */
  ca?(host: string): string | undefined
  /** The certificate that imagepull shows to this host, and its key, in PEM. */
  clientCertificate?(host: string): ClientCertificate | undefined
  /** The operator says that this host, with its port, is a token server of the registry: it gets the registry's logins. */
  isTokenServer?(host: string, registry: string): boolean
}

export interface ClientCertificate {
  readonly certificate: string
  readonly key: Secret
}

/** A registry that the operator names, with its port. */
interface NamedRegistry {
  readonly host: string
  readonly plainHttp: boolean
  /** Its token servers on other hosts. */
  readonly tokenHosts?: readonly string[]
}

function isTokenServerIn(registries: readonly NamedRegistry[], host: string, registry: string): boolean {
  return registries.some(
    (it) =>
      withoutDefaultPort(apiHost(it.host)) === registry &&
      it.tokenHosts?.some((named) => withoutDefaultPort(named) === host),
  )
}

/** As `URL.host` writes it. */
function withoutDefaultPort(host: string): string {
  return URL.parse(`https://${host}`)?.host ?? host
}

/** For a person at a terminal: the image's own registry, wherever it is, and where that one leads in public. */
export function personPolicy(registries: readonly NamedRegistry[]): Omit<ContactPolicy, 'ca' | 'clientCertificate'> {
  const named = new Set(registries.map(({ host }) => host))
  return {
    refuses(host, address, registry) {
      if (named.has(host) || isTokenServerIn(registries, host, registry)) return undefined
      if (host !== registry && !isPublic(address))
        return `${registry} leads there, and ${address} is a private address that the configuration does not name`
      return misplaced(host, address)
    },
    plainHttp: (host) => registries.some((it) => it.host === host && it.plainHttp),
    isTokenServer: (host, registry) => isTokenServerIn(registries, host, registry),
  }
}

/** A public registry's name at a private address: another server answers in its name. */
function misplaced(host: string, address: string): string | undefined {
  const name = URL.parse(`https://${host}`)?.hostname ?? host
  return isPublicName(name) && !isPublic(address)
    ? `${address} is a private address, and ${name} is a public registry`
    : undefined
}

/** Whether this registry is known to send its clients there, and the address is one of the internet's. */
function isKnownWay(host: string, address: string, registry: string): boolean {
  return isKnownPartOf(host, registry) && isPublic(address)
}

const never = blocked([
  '0.0.0.0/8',
  '169.254.0.0/16', // link-local, and the metadata service of most clouds
  '100.100.100.200/32', // the metadata service of Alibaba Cloud
  '168.63.129.16/32', // the host of a virtual machine on Azure
  '192.0.0.0/24', // protocol assignments; 192.0.0.192 is the metadata service of Oracle Cloud
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '::/128',
  'fe80::/10', // link-local
  'fec0::/10', // site-local, deprecated
  'ff00::/8', // multicast
  'fd00:ec2::/32', // metadata, DNS, time and credentials of AWS
  'fd20:ce::254/128', // the metadata service of Google Cloud
  'fd00:c1::a9fe:a9fe/128', // the metadata service of Oracle Cloud
  '64:ff9b:1::/48', // translation to IPv4 for local use: RFC 8215 leaves open where in it the IPv4 address stands
  '2001::/32', // Teredo: a tunnel to an IPv4 address
])

const local = blocked(['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'])
/** Shared by the customers of a carrier, and used within clouds: neither private by name nor of the internet. */
const shared = blocked(['100.64.0.0/10', '198.18.0.0/15'])

// Addresses of IPv6 that stand for one of IPv4, which decides then: where its 32 bits begin, in bits.
const embedding: readonly { readonly of: BlockList; readonly at: number }[] = [
  { of: blocked(['64:ff9b::/96']), at: 96 }, // NAT64, RFC 6052
  { of: blocked(['2002::/16']), at: 16 }, // 6to4, RFC 3056
  { of: blocked(['::/96']), at: 96 }, // IPv4-compatible, RFC 4291
]

/** Addresses that no policy allows: no registry has one of them. */
export function refusedAlways(address: string): string | undefined {
  return listed(never, address)
    ? `${address} is a link-local, metadata, multicast or reserved address: no registry is there`
    : undefined
}

/** Loopback or private addresses. Only these may receive a credential over plain HTTP. */
export function isLocal(address: string): boolean {
  return listed(local, address)
}

/** Whether an address is globally routable. */
export function isPublic(address: string): boolean {
  return !listed(local, address) && !listed(shared, address) && refusedAlways(address) === undefined
}

function blocked(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits] = range.split('/')
    list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}

function listed(list: BlockList, address: string): boolean {
  const [plain = ''] = address.split('%') // without its zone
  const family = isIP(plain)
  if (family === 0) return false
  if (family === 4) return list.check(plain)
  // BlockList itself reads ::ffff:a.b.c.d as the IPv4 address.
  const embedded = embeddedAddress(plain)
  return list.check(plain, 'ipv6') || (embedded !== undefined && list.check(embedded))
}

function embeddedAddress(address: string): string | undefined {
  const form = embedding.find(({ of }) => of.check(address, 'ipv6'))
  if (!form || address === '::1') return undefined
  const bytes = bytesOf(address).slice(form.at / 8, form.at / 8 + 4)
  return bytes.join('.')
}

/** The sixteen bytes of an IPv6 address. */
function bytesOf(address: string): readonly number[] {
  const [canonical = ''] = /[0-9a-f:]+/.exec(URL.parse(`http://[${address}]`)?.hostname ?? '') ?? []
  const [before = '', after] = canonical.split('::')
  const groups = (part: string): readonly string[] => part.split(':').filter(Boolean)
  const [first, last] = [groups(before), groups(after ?? '')]
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return [...first, ...zeros, ...last].flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
}

export interface ServicePolicyOptions {
  readonly registries: readonly NamedRegistry[]
  /** Whether this address is one of a Service of the cluster that `host`, an image's with its port, means. */
  runsInCluster(host: string, address: string): Promise<boolean>
  ca(host: string): string | undefined
  clientCertificate?(host: string): ClientCertificate | undefined
}

/** The public registries that anybody may ask about. */
const always: ReadonlySet<string> = new Set(['registry-1.docker.io', 'ghcr.io'])

/**
 * For a program that answers to everybody in a channel: Docker Hub, GHCR, the cluster's own registries, and those that
 * the operator names. Where one of them redirects, or names its token server, that has to be itself, a part of it that
 * is known, or named as well: a registry in the cluster may belong to anybody who can run a pod.
 */
export function servicePolicy({ registries, runsInCluster, ...tls }: ServicePolicyOptions): ContactPolicy {
  const named = new Set(registries.map(({ host }) => apiHost(host)))
  const known = new Map<string, Promise<boolean>>()

  function inCluster(host: string, address: string): Promise<boolean> {
    const key = JSON.stringify([host, address])
    const found = known.get(key) ?? runsInCluster(host, address).catch(() => false)
    known.set(key, found)
    return found
  }

  return {
    async refuses(host, address, registry) {
      if (named.has(host) || isTokenServerIn(registries, host, registry)) return undefined
      if (host !== registry)
        return isKnownWay(host, address, registry) ? undefined : `${registry} leads there, and nobody named it`
      if (always.has(host)) return misplaced(host, address)
      if (await inCluster(host, address)) return undefined
      return 'it is not among the registries of the configuration, and no Service of the cluster has that address'
    },
    plainHttp: (host) => registries.some((it) => it.host === host && it.plainHttp),
    isTokenServer: (host, registry) => isTokenServerIn(registries, host, registry),
    ...tls,
  }
}
