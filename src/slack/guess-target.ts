// Labels and words that alerts and kubectl put in front of a pod's name, and the form of a pod's own name.
const named = /\bpod["']?\s{0,2}[:=/]\s{0,2}["'`]?([a-z0-9][a-z0-9.-]{2,252})/i
const namespaced = /\bnamespace["']?\s{0,2}[:=]\s{0,2}["'`]?([a-z0-9][a-z0-9-]{0,62})/i
const podLike = /\b[a-z0-9][a-z0-9-]{1,240}-[a-z0-9]{5,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/

/** What a message seems to be about, for a person to correct; empty: nothing. Only the first 4,000 characters are read. */
export function guessTarget(message: string): string {
  const text = message.slice(0, 4_000)
  const pod = named.exec(text)?.[1] ?? podLike.exec(text)?.[0]
  if (!pod) return ''
  const namespace = namespaced.exec(text)?.[1]
  return namespace ? `${namespace}/${pod}` : pod
}
