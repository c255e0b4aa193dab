import { isIPv6 } from 'node:net'

/** Host with its port, as Go writes it, and the path without escapes. One character for each byte of their UTF-8. */
export interface GoUrl {
  readonly host: string
  readonly path: string
}

const scheme = /^https?:\/\//
// biome-ignore lint/suspicious/noControlCharactersInRegex: Go refuses them in a URL
const control = /[\u0000-\u001f\u007f]/
/** What Go's net/url takes in a host without an escape: encodeHost in its table; everything beyond ASCII. */
const hostCharacters = /^[\w!"$&'()*+,\-.:;<=>[\]~%\u0080-\u00ff]*$/
const userCharacters = /^[\w\-.:~!$&'()*+,;=%@]*$/
const port = /^(?::[0-9]*)?$/

/**
 * Parses `https://` and `http://` URLs as Go 1.26's net/url does, which is how a kubelet reads the keys of pull secrets.
 * undefined: Go refuses it. `url` has one character for each byte of its UTF-8.
 */
export function parseGoUrl(url: string): GoUrl | undefined {
  const hash = url.indexOf('#')
  const address = hash < 0 ? url : url.slice(0, hash)
  if (control.test(address) || (hash >= 0 && unescaped(url.slice(hash + 1)) === undefined)) return undefined
  const [rest = ''] = address.replace(scheme, '').split('?', 1)
  const slash = rest.indexOf('/')
  const authority = slash < 0 ? rest : rest.slice(0, slash)
  const path = unescaped(slash < 0 ? '' : rest.slice(slash))
  const at = authority.lastIndexOf('@')
  if (path === undefined || (at >= 0 && !isUserInfo(authority.slice(0, at)))) return undefined
  const host = hostOf(authority.slice(at + 1))
  return host === undefined ? undefined : { host, path }
}

function isUserInfo(of: string): boolean {
  return userCharacters.test(of) && unescaped(of) !== undefined
}

function hostOf(written: string): string | undefined {
  const bracket = written.lastIndexOf('[')
  if (bracket > 0) return undefined
  if (bracket === 0) return addressOf(written)
  const colon = written.indexOf(':')
  if (colon >= 0 && !port.test(written.slice(colon))) return undefined
  return unescapedHost(written)
}

/** `[::1]:5000`: only an IPv6 address stands in brackets, with a zone behind `%25` at most. */
function addressOf(written: string): string | undefined {
  const end = written.lastIndexOf(']')
  if (end < 0 || !port.test(written.slice(end + 1))) return undefined
  const inside = written.slice(1, end)
  const zone = inside.indexOf('%25')
  const address = zone < 0 ? unescapedHost(inside) : withZone(inside, zone)
  return address !== undefined && isIPv6(address) ? `[${address}]${written.slice(end + 1)}` : undefined
}

function withZone(inside: string, at: number): string | undefined {
  const address = unescapedHost(inside.slice(0, at))
  const zone = hostCharacters.test(inside.slice(at)) ? unescaped(inside.slice(at)) : undefined
  // A zone's escapes give only what could be written, a percent sign, or a space.
  if (address === undefined || zone === undefined || !hostCharacters.test(zone.replaceAll(' ', ''))) return undefined
  return address + zone
}

/** In a host only bytes beyond ASCII are escaped, and the percent sign itself. */
function unescapedHost(written: string): string | undefined {
  if (!hostCharacters.test(written) || /%(?!25|[89a-f])/i.test(written)) return undefined
  return unescaped(written)
}

function unescaped(written: string): string | undefined {
  if (!written.includes('%')) return written
  if (/%(?![0-9a-f]{2})/i.test(written)) return undefined
  return written.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Go's net.SplitHostPort for the host of a parsed URL; without a port the host stays as it is, brackets included. */
export function splitGoHost(host: string): readonly [name: string, port: string] {
  const colon = host.lastIndexOf(':')
  if (host.startsWith('[')) {
    const end = host.indexOf(']')
    return end + 1 === colon ? [host.slice(1, end), host.slice(colon + 1)] : [host, '']
  }
  return colon < 0 || host.includes(']') ? [host, ''] : [host.slice(0, colon), host.slice(colon + 1)]
}
