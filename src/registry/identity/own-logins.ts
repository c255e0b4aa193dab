import { setTimeout as sleep } from 'node:timers/promises'
import { redact, type Secret } from '../../secret.ts'
import type { Credential } from '../auth/keyring.ts'
import { RegistryError } from '../errors.ts'

/** A login that imagepull has by its own rights, for as long as it lasts. */
export interface OwnLogin {
  readonly username: string
  readonly password: Secret
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** One way to get a login of a registry. Throws where there is none; the message goes to people. */
export interface LoginProvider {
  /** For people: "imagepull's own AWS identity". */
  readonly called: string
  get(host: string): Promise<OwnLogin>
}

/**
 * Returns imagepull's own login of a registry. undefined: the configuration names none. Throws RegistryError
 * `login-unavailable`. It shows what the registry holds. It never shows what a pod or a node may pull.
 */
export type OwnLogins = (host: string) => Promise<Credential | undefined>

interface Options {
  /** The provider of a host, if the configuration names one. */
  providerOf(host: string): LoginProvider | undefined
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Milliseconds that getting a login may take. */
  readonly patience?: number
}

/** Milliseconds: a login is renewed so long before its end, and a failure is not repeated for so long. */
const times = { renewal: 5 * 60_000, failure: 30_000, patience: 10_000 } as const
/** Characters of a vendor's error. */
const quoted = 300

type Known = { readonly until: number } & ({ readonly login: OwnLogin } | { readonly error: RegistryError })

/** Keeps each login until shortly before it expires. Requests that begin together log in once. */
export function createOwnLogins({ providerOf, now = Date.now, patience = times.patience }: Options): OwnLogins {
  const known = new Map<string, Known>()
  const pending = new Map<string, Promise<Known>>()

  async function renew(host: string, provider: LoginProvider): Promise<Known> {
    const old = known.get(host)
    try {
      const login = await inTime(provider.get(host), patience)
      return { login, until: renewalOf(login, now()) }
    } catch (error) {
      const until = now() + times.failure
      // A login that still works is better than none.
      if (old && 'login' in old && old.login.expires > until) return { login: old.login, until }
      return { error: unavailable(host, provider, error), until }
    }
  }

  function current(host: string, provider: LoginProvider): Promise<Known> {
    const renewing = pending.get(host) ?? renew(host, provider).finally(() => pending.delete(host))
    pending.set(host, renewing)
    return renewing.then((found) => {
      known.set(host, found)
      return found
    })
  }

  return async (host) => {
    const provider = providerOf(host)
    if (!provider) return undefined
    const kept = known.get(host)
    const found = kept && kept.until > now() ? kept : await current(host, provider)
    if ('error' in found) throw found.error
    const { username, password } = found.login
    return { source: `${provider.called}, whose rights are not the node's`, username, password }
  }
}

/** A login that lasts for a short time only is used for at least a half of it. */
function renewalOf({ expires }: OwnLogin, now: number): number {
  return Math.max(expires - times.renewal, now + (expires - now) / 2)
}

async function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  const stop = new AbortController()
  const late = sleep(ms, undefined, { signal: stop.signal, ref: false }).then(() => {
    throw new Error(`it did not answer within ${ms / 1_000} s`)
  })
  late.catch(() => {})
  return Promise.race([promise, late]).finally(() => stop.abort())
}

function unavailable(host: string, { called }: LoginProvider, cause: unknown): RegistryError {
  const words = redact(cause instanceof Error ? cause.message : String(cause))
    .replaceAll(/\s+/g, ' ')
    .slice(0, quoted)
  const message = `imagepull has no login for ${host}: ${called} gives none (${words})`
  return new RegistryError('login-unavailable', `log in to ${host}`, message, { cause })
}

/** A vendor's library that is not installed, in words that say what to do. */
export async function loadLibrary<T>(name: string, load: () => Promise<T>): Promise<T> {
  return load().catch((cause: unknown) => {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND'
    throw isMissing ? new Error(`the package ${name} is not installed: npm install ${name}`, { cause }) : cause
  })
}
