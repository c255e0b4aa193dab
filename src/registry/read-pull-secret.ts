import { z } from 'zod'
import { Secret } from '../secret.ts'

/** What a kubelet makes of one pull secret: pkg/credentialprovider/secrets and config.go. */
export interface PullSecret {
  /** For people: `secret shop/regcred`. */
  readonly source: string
  readonly entries: readonly PullSecretEntry[]
  /** Why it gives nothing. A broken entry spoils every other secret of the pod as well. */
  readonly problem?: { readonly kind: 'wrong-type' | 'no-data' | 'broken'; readonly says: string }
}

export interface PullSecretEntry {
  /** The key under `auths`, as written. */
  readonly key: string
  readonly username: string
  readonly password: Secret
}

/** Type of the Secret, the key of its data, and whether the entries lie below `auths`. */
const forms = {
  'kubernetes.io/dockerconfigjson': { key: '.dockerconfigjson', nested: true },
  'kubernetes.io/dockercfg': { key: '.dockercfg', nested: false },
} as const

const entry = z.object({ username: z.string().nullish(), password: z.string().nullish(), auth: z.string().nullish() })
const entries = z.record(z.string(), entry)
const nested = z.object({ auths: entries.nullish() })

export function readPullSecret(source: string, type: string, data: Readonly<Record<string, string>>): PullSecret {
  if (!Object.hasOwn(forms, type))
    return spoilt(
      source,
      'wrong-type',
      `its type is ${type || 'not set'}, and the kubelet reads only kubernetes.io/dockerconfigjson`,
    )
  const form = forms[type as keyof typeof forms] // just checked
  const encoded = data[form.key]
  if (!encoded) return spoilt(source, 'no-data', `it has no ${form.key}`)
  const parsed = parse(Buffer.from(encoded, 'base64').toString('utf8'), form.nested)
  if (!parsed) return spoilt(source, 'broken', `its ${form.key} is not the JSON of a Docker configuration`)
  const read = Object.entries(parsed).map(([key, value]) => readEntry(key, value))
  const broken = read.find((it) => typeof it === 'string')
  if (typeof broken === 'string') return spoilt(source, 'broken', broken)
  return { source, entries: read.filter((it) => typeof it !== 'string') }
}

function parse(json: string, isNested: boolean): z.infer<typeof entries> | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  return isNested
    ? (nested.safeParse(value).data?.auths ?? (nested.safeParse(value).success ? {} : undefined))
    : entries.safeParse(value).data
}

/** A sentence where the entry does not decode. `auth` wins over username and password, as in the kubelet. */
function readEntry(key: string, value: z.infer<typeof entry>): PullSecretEntry | string {
  if (!value.auth) return { key, username: value.username ?? '', password: new Secret(value.password ?? '') }
  const decoded = decode(value.auth)
  const colon = decoded?.indexOf(':') ?? -1
  if (decoded === undefined) return `the auth of its entry ${JSON.stringify(key)} is not base64`
  if (colon < 0) return `the auth of its entry ${JSON.stringify(key)} has no colon between user name and password`
  return { key, username: decoded.slice(0, colon), password: new Secret(decoded.slice(colon + 1)) }
}

/** Go's decoders: with padding the standard one, which wants it whole; without it the raw one. Line breaks are skipped. */
function decode(auth: string): string | undefined {
  const text = auth.replace(/[\r\n]/g, '')
  const padded = text.endsWith('=')
  const fits = padded
    ? text.length % 4 === 0 && /^[A-Za-z0-9+/]*={1,2}$/.test(text)
    : text.length % 4 !== 1 && /^[A-Za-z0-9+/]*$/.test(text)
  return fits ? Buffer.from(text, 'base64').toString('utf8') : undefined
}

function spoilt(source: string, kind: NonNullable<PullSecret['problem']>['kind'], says: string): PullSecret {
  return { source, entries: [], problem: { kind, says } }
}
