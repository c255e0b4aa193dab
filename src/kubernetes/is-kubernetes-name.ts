/**
 * RFC 1123 subdomain, which every name that is asked for here must be: lower-case letters, digits, "-" and ".", at most
 * 253. See https://kubernetes.io/docs/concepts/overview/working-with-objects/names/. It has no "/" and is never "..",
 * so that it cannot lead a URL elsewhere.
 */
export function isKubernetesName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]$|^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name) && !/[.]{2}|[.]-|-[.]/.test(name)
}
