import { mapInTurns } from '../../event-loop.ts'
import { Secret } from '../../secret.ts'
import type { Reference } from '../reference.ts'
import { globMatches } from './go-glob.ts'
import { type GoUrl, parseGoUrl, splitGoHost } from './go-url.ts'

/** What the kubelet sends for one image: from one entry of one pull secret. */
export interface Credential {
  /** Where it comes from, for people: `secret shop/regcred`. */
  readonly source: string
  readonly username: string
  readonly password: Secret
}

/** A secret of 1 MiB holds 20,000 entries. So many are read before other work of the process gets its turn. */
const turn = 500

/**
 * The credentials that the kubelet tries for an image, in its order: pkg/credentialprovider/keyring.go. One secret that
 * does not decode leaves the pod without any. Where one secret has two keys that mean the same, Go's own order is random.
 */
export async function matchCredentials(
  secrets: readonly PullSecret[],
  reference: Reference,
): Promise<readonly Credential[]> {
  if (secrets.some(({ problem }) => problem?.kind === 'broken')) return []
  const image = `${reference.host}/${reference.repository}`
  const target = parseGoUrl(`https://${image}`)
  const entries = secrets.flatMap(({ source, entries }) => entries.map((entry) => ({ ...entry, source })))
  const keyed = await mapInTurns(entries, turn, (entry) => {
    const key = normaliseKey(entry.key)
    const fits = key !== undefined && target !== undefined && matches(key, target)
    return fits || key === hubKey ? [{ ...entry, key, fits }] : []
  })
  const possible = keyed.flat()
  const matching = possible.filter(({ fits }) => fits)
  const hub = matching.length === 0 && isOfDockerHub(image) ? possible.filter(({ key }) => key === hubKey) : []
  // The kubelet sorts its keys in reverse, so that the longer of two that begin alike is tried first.
  const sorted = [...matching, ...hub].toSorted((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0))
  return sorted.map(({ source, username, password }) => ({ source, username, password }))
}

const hubKey = 'index.docker.io'

/**
 * `https://index.docker.io/v1/` becomes `index.docker.io`; anything else keeps its path. The result has one character for
 * each byte of its UTF-8, and so sorts as Go's strings do. undefined: it is no URL, and the kubelet ignores it.
 */
export function normaliseKey(key: string): string | undefined {
  const written = Buffer.from(key).toString('latin1')
  const url = parseGoUrl(/^https?:\/\//.test(written) ? written : `https://${written}`)
  if (!url) return undefined
  const effective = /^\/v[12]\//.test(url.path) ? url.path.slice(3) : url.path
  return effective === '/' ? url.host : url.host + effective
}

/** Ports are equal as text, the key's path begins the image's, and each label of the key's name may be a glob. */
function matches(key: string, target: GoUrl): boolean {
  const pattern = parseGoUrl(`https://${key}`)
  if (!pattern || !target.path.startsWith(pattern.path)) return false
  const [globs, globPort] = splitGoHost(pattern.host)
  const [name, port] = splitGoHost(target.host)
  if (globPort !== port) return false
  const labels = name.split('.')
  const patterns = globs.split('.', labels.length + 1)
  return patterns.length === labels.length && patterns.every((glob, index) => globMatches(glob, labels[index] ?? ''))
}

/** isDefaultRegistryMatch: a host without dot and colon counts as Docker Hub, `localhost` included. */
function isOfDockerHub(image: string): boolean {
  const host = image.slice(0, image.indexOf('/'))
  return host === 'docker.io' || host === 'index.docker.io' || (host !== '' && !/[.:]/.test(host))
}

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

export async function readPullSecret(
  source: string,
  type: string,
  data: Readonly<Record<string, string>>,
): Promise<PullSecret> {
  if (!Object.hasOwn(forms, type))
    return spoilt(
      source,
      'wrong-type',
      `its type is ${type || 'not set'}, and the kubelet reads only kubernetes.io/dockerconfigjson`,
    )
  const form = forms[type as keyof typeof forms] // just checked
  const encoded = data[form.key]
  if (!encoded) return spoilt(source, 'no-data', `it has no ${form.key}`)
  const parsed = await parse(Buffer.from(encoded, 'base64').toString('utf8'), form.nested)
  if (!parsed) return spoilt(source, 'broken', `its ${form.key} is not the JSON of a Docker configuration`)
  const read = await mapInTurns(parsed, turn, ([key, value]) => readEntry(key, value))
  const broken = read.find((it) => typeof it === 'string')
  if (typeof broken === 'string') return spoilt(source, 'broken', broken)
  const entries = read.filter((it) => typeof it !== 'string')
  return { source, entries: [...new Map(entries.map((it) => [it.key, it])).values()] }
}

type Fields = Readonly<Record<string, unknown>>
type Entries = readonly (readonly [key: string, entry: Fields])[]

/**
 * As Go's encoding/json decodes a Docker configuration: names of fields in any case, null for what is not there, and one
 * value of a wrong type spoils the whole. Of two entries with one key the last counts. undefined: it does not decode.
 */
async function parse(json: string, isNested: boolean): Promise<Entries | undefined> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  if (value === null) return []
  if (!isFields(value)) return undefined
  return isNested ? authsOf(value) : entriesOf(value)
}

/** Two spellings of `auths` are one map. */
async function authsOf(configuration: Fields): Promise<Entries | undefined> {
  const fields = Object.entries(configuration)
  if (fields.some(([name, value]) => isNamed(name, 'httpheaders') && !isHeaders(value))) return undefined
  const maps = fields.filter(([name]) => isNamed(name, 'auths')).map(([, value]) => value)
  const read: (Entries | undefined)[] = []
  for (const it of maps) read.push(it === null ? [] : isFields(it) ? await entriesOf(it) : undefined)
  return read.every((it) => it !== undefined) ? emptiedBy(maps.lastIndexOf(null), read) : undefined
}

/** A null empties the map; what stood in it had to decode all the same. */
async function emptiedBy(lastNull: number, maps: readonly Entries[]): Promise<Entries> {
  const before = maps.slice(0, Math.max(lastNull, 0)).flat()
  const broken = await mapInTurns(before, turn, (it) => (typeof readEntry(...it) === 'string' ? [it] : []))
  return [...broken.flat(), ...maps.slice(Math.max(lastNull, 0)).flat()]
}

function isHeaders(value: unknown): boolean {
  return (
    value === null || (isFields(value) && Object.values(value).every((it) => it === null || typeof it === 'string'))
  )
}

async function entriesOf(auths: Fields): Promise<Entries | undefined> {
  const read = await mapInTurns(Object.entries(auths), turn, ([key, value]) => {
    const entry = value === null ? {} : value
    return isEntry(entry) ? ([key, entry] as const) : undefined
  })
  return read.every((it) => it !== undefined) ? read : undefined
}

const entryFields = ['username', 'password', 'email', 'auth'] as const

function isEntry(value: unknown): value is Fields {
  return (
    isFields(value) &&
    Object.entries(value).every(
      ([name, it]) => it === null || typeof it === 'string' || !entryFields.some((field) => isNamed(name, field)),
    )
  )
}

/** Of several spellings the last one counts; a null leaves what was there. */
function fieldOf(entry: Fields, field: (typeof entryFields)[number]): string {
  const values = Object.entries(entry).filter(([name]) => isNamed(name, field))
  return values.reduce((before, [, value]) => (typeof value === 'string' ? value : before), '')
}

/** Unicode's simple case folding: `ſ` is an s, `K` (the Kelvin sign) is a k, and `ß` stays one character. */
function isNamed(name: string, lowerCase: string): boolean {
  return name.length === lowerCase.length && name.toUpperCase().toLowerCase() === lowerCase
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A sentence where the entry does not decode. `auth` wins over username and password, as in the kubelet. */
function readEntry(key: string, value: Fields): PullSecretEntry | string {
  const auth = fieldOf(value, 'auth')
  if (auth === '')
    return { key, username: fieldOf(value, 'username'), password: new Secret(fieldOf(value, 'password')) }
  const decoded = decode(auth)
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
