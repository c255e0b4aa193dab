import type { IncomingMessage } from 'node:http'

const localNames = new Set(['127.0.0.1', 'localhost'])

/**
 * The status with which a request is refused; undefined: it is welcome. Other websites that the viewer has open may send
 * requests to this machine too: by DNS rebinding under a name of their own, or as a form or fetch from theirs.
 */
export function refusalOf({ method, headers }: IncomingMessage): number | undefined {
  const { host = '', origin, 'sec-fetch-site': site, 'content-type': type = '' } = headers
  if (!localNames.has(host.replace(/:\d{1,5}$/, ''))) return 403
  if (method === 'GET') return undefined
  if (method !== 'POST') return 405
  if (origin !== `http://${host}` || (site !== undefined && site !== 'same-origin')) return 403
  return /^application\/json(?:;\s*charset=utf-8)?$/i.test(type) ? undefined : 415
}
