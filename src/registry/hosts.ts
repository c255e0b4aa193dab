import { isIP } from 'node:net'

/** Names under which Docker Hub is known to people: its site, its accounts, its registry. */
const hub = /(?:^|\.)docker\.(?:io|com)$/

/**
 * Whether two hosts of registries seem to belong to the same owner: they are equal without their ports, they end in the same
 * two labels, or both are names of Docker Hub. `key`: as it stands in a pull secret, with or without scheme and path.
 */
export function isSameOwner(key: string, host: string): boolean {
  const [one, other] = [nameOf(key), nameOf(host)]
  if (one === undefined || other === undefined) return false
  if (one === other || (hub.test(one) && hub.test(other))) return true
  if (isIP(one) || isIP(other)) return false
  const labels = (name: string): string => name.split('.').slice(-2).join('.')
  return one.includes('.') && labels(one) === labels(other)
}

/** Its host name in lower case. undefined: it is none. */
function nameOf(written: string): string | undefined {
  return URL.parse(/^https?:\/\//i.test(written) ? written : `https://${written}`)?.hostname.replace(/^\[|\]$/g, '')
}

// Registries that give strangers the same answer for "private" and "not there", as they document or were seen to do.
const discreet =
  /^(?:docker\.io|ghcr\.io|quay\.io|registry\.gitlab\.com|gcr\.io|.{1,60}\.gcr\.io|.{1,80}\.pkg\.dev|.{1,80}\.azurecr\.io)$/

/** Whether a registry refuses a stranger in the same way what is private and what is not there. */
export function isDiscreet(host: string): boolean {
  return discreet.test(host)
}

/** Registries that keep nothing private. */
const open: ReadonlySet<string> = new Set(['registry.k8s.io', 'mcr.microsoft.com', 'public.ecr.aws'])

/**
 * Whether a registry's "not found" is true for strangers, too: it refuses what it hides, or hides nothing. Others may say
 * "not found" of what is private.
 */
export function hidesByRefusal(host: string): boolean {
  return isDiscreet(host) || open.has(host)
}
