import { roleOf } from './object-labels.ts'

/**
 * What an address says behind `?` and `#`, as a text of its own: the fields that name an object (`var-pod=web-1` as
 * `pod=web-1`), and paths. Empty: an address that says nothing there.
 */
export function wordsOfAddress(address: string): string {
  const [, tail = ''] = /^[a-z]+:\/\/[^?#]{0,1000}[?#](.{1,2000})/i.exec(address) ?? []
  const pairs = decoded(tail)
    .split(/[?&#;\s]/)
    .slice(0, 100)
  return pairs.flatMap(wordsOfPair).join(' ')
}

function wordsOfPair(pair: string): readonly string[] {
  const [, key = '', value = pair] = /^([\w.@-]{1,80})[=:](.*)$/.exec(pair) ?? []
  const name = key.replace(/^(?:var|filter|f)-/i, '')
  if (value.startsWith('/')) return [value]
  const role = roleOf(name)?.role
  return role !== undefined && role !== 'container' && role !== 'kind' && /^[\w.-]{1,253}$/.test(value)
    ? [`${name}=${value}`]
    : inner(value)
}

/** `query=pod_name:web-1`: a field in the value of another. */
function inner(value: string): readonly string[] {
  const [, key = '', name = ''] = /^([\w.]{1,80})[:=]([\w.-]{1,253})$/.exec(value) ?? []
  return roleOf(key) ? [`${key}=${name}`] : []
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
