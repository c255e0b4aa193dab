import { matchCredentials, normaliseKey, type PullSecret, readPullSecret } from '../../src/registry/auth/keyring.ts'
import { type ParsedReference, parseReference } from '../../src/registry/reference.ts'
import type { OracleCase } from './generate-cases.ts'

/** What the kubelet's own code answers: see kubelet/main.go. */
export interface OracleAnswer {
  readonly reference: {
    readonly host: string
    readonly repository: string
    readonly tag?: string
    readonly digest?: string
  } | null
  /** User name and password, in the order in which they are tried. */
  readonly logins: readonly (readonly [string, string])[]
  /** The secrets do not decode. */
  readonly failed?: boolean
}

/** How this project answers differently, in words; undefined: it does not. */
export async function difference({ image, secrets }: OracleCase, answer: OracleAnswer): Promise<string | undefined> {
  const parsed = parseReference(image)
  const [own, wanted] = [ownReference(parsed), theirReference(answer)]
  if (own !== wanted) return `reference of ${JSON.stringify(image)}: ${own} instead of ${wanted}`
  if (!parsed.valid) return undefined
  const read = await Promise.all(secrets.map(({ type, data }, index) => readPullSecret(`secret ${index}`, type, data)))
  const failed = read.some(({ problem }) => problem?.kind === 'broken')
  if (failed !== (answer.failed ?? false)) return `secrets of ${JSON.stringify(image)}: broken ${failed}`
  const matching = await matchCredentials(read, parsed.reference)
  const logins = matching.map((it) => [it.username, it.password.reveal()] as const)
  const ordered = read.some(hasTwins) ? sorted : JSON.stringify
  const [found, expected] = [ordered(logins), ordered(answer.logins)]
  return found === expected ? undefined : `logins of ${JSON.stringify(image)}: ${found} instead of ${expected}`
}

/** Host and repository as one name: by the grammar `my_host.io/app` has no host, and for whoever pulls it has one. */
function ownReference(parsed: ParsedReference): string {
  if (!parsed.valid) return 'invalid'
  const { host, repository, tag, digest } = parsed.reference
  return JSON.stringify([`${host}/${repository}`, tag ?? '', digest ?? ''])
}

function theirReference({ reference }: OracleAnswer): string {
  if (!reference) return 'invalid'
  const { host, repository, tag, digest } = reference
  return JSON.stringify([host === '' ? repository : `${host}/${repository}`, tag ?? '', digest ?? ''])
}

/** Two keys of one secret that mean the same: Go tries them in a random order. */
function hasTwins({ entries }: PullSecret): boolean {
  return new Set(entries.map(({ key }) => normaliseKey(key))).size < entries.length
}

function sorted(logins: OracleAnswer['logins']): string {
  return JSON.stringify(logins.map((login) => JSON.stringify(login)).toSorted())
}
