/** The distribution default: HTTPS, where no port is written. */
const defaultPort = 443

/** Of an image's host: the name or address, without brackets, and the port. */
export function splitHost(host: string): { readonly name: string; readonly port: number } {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  const cut = end > 0 ? end : host.length
  const port = Number(host.slice(cut + 1)) || defaultPort
  return { name: host.slice(0, cut).replace(/^\[|\]$/g, ''), port }
}
