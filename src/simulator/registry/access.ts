import { randomUUID } from 'node:crypto'
import { answered, type RegistryAnswer, type RegistryRequest, refused } from './request.ts'

/** The repository and the action of a request. */
export interface Wanted {
  /** Empty: the registry itself. */
  readonly repository: string
  readonly action: 'pull' | 'push' | 'catalog' | 'ping'
}

export type Admitted = { readonly refused: RegistryAnswer } | { readonly account: string | undefined }

/** The access control of a registry. */
export interface RegistryAccess {
  admit(request: RegistryRequest, wanted: Wanted): Admitted
}

export const openAccess: RegistryAccess = { admit: () => ({ account: undefined }) }

/** User names and their passwords, which may change. */
export type Accounts = Map<string, string>

/** Returns the account of a Basic header. undefined: there is no header, or the password is wrong. */
function accountOf(accounts: Accounts, authorization: string | undefined): string | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1]
  const [name = '', password] = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .split(/:(.*)/s)
  return password !== undefined && accounts.get(name) === password ? name : undefined
}

/** Requires Basic authentication for every request. */
export function basicAccess(accounts: Accounts, realm: string): RegistryAccess {
  return {
    admit({ headers }) {
      const account = accountOf(accounts, headers.authorization)
      if (account) return { account }
      const challenge = { 'www-authenticate': `Basic realm="${realm}"` }
      return { refused: refused(401, 'UNAUTHORIZED', 'authentication required', null, challenge) }
    },
  }
}

export interface TokenAccessOptions {
  /** The address of the token server: `https://auth.docker.io/token`. */
  readonly realm: string
  readonly service: string
  readonly accounts: Accounts
  readonly isPublic: (repository: string) => boolean
  /** The token server's answer without permission: a token without rights, or a 403 as from GHCR. */
  readonly discreet: 'grants-nothing' | 'denies'
}

export interface TokenAccess extends RegistryAccess {
  /** Answers a request for a token. undefined: the request is for something else. */
  issue(request: RegistryRequest): RegistryAnswer | undefined
}

/** The number of valid tokens. Older ones count as expired. */
const mostTokens = 1_000

/** distribution's token specification: https://distribution.github.io/distribution/spec/auth/token/ */
export function tokenAccess(options: TokenAccessOptions): TokenAccess {
  const granted = new Map<string, { readonly account: string | undefined; readonly scope: string }>()

  function mayPull(repository: string, account: string | undefined): boolean {
    return account !== undefined || options.isPublic(repository)
  }

  function issue({ url, headers }: RegistryRequest): RegistryAnswer | undefined {
    if (url.pathname !== new URL(options.realm).pathname) return undefined
    const account = accountOf(options.accounts, headers.authorization)
    if (headers.authorization && !account) return answered(401, { details: 'incorrect username or password' })
    const scope = url.searchParams.get('scope') ?? ''
    const repository = repositoryOf(scope)
    const allowed = repository !== undefined && mayPull(repository, account)
    if (!allowed && options.discreet === 'denies')
      return refused(403, 'DENIED', 'requested access to the resource is denied')
    const token = randomUUID()
    granted.set(token, { account, scope: allowed ? scope : '' })
    const [oldest] = granted.keys()
    if (granted.size > mostTokens && oldest !== undefined) granted.delete(oldest)
    return answered(200, { token, access_token: token, expires_in: 300 })
  }

  function admit({ headers }: RegistryRequest, wanted: Wanted) {
    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
    const grant = token === undefined ? undefined : granted.get(token)
    const fits = grant && (wanted.action === 'ping' || repositoryOf(grant.scope) === wanted.repository)
    if (grant && fits) return { account: grant.account }
    return { refused: challenge(options, wanted, grant !== undefined) }
  }

  return { issue, admit }
}

/** Returns the repository of `repository:library/nginx:pull`. */
function repositoryOf(scope: string): string | undefined {
  return /^repository:([^:]+):/.exec(scope)?.[1]
}

function challenge({ realm, service }: TokenAccessOptions, wanted: Wanted, insufficient: boolean): RegistryAnswer {
  const scope = scopeOf(wanted)
  const parts = [
    `realm="${realm}"`,
    `service="${service}"`,
    ...(scope ? [`scope="${scope}"`] : []),
    ...(insufficient ? ['error="insufficient_scope"'] : []),
  ]
  const detail = wanted.repository
    ? [{ Type: 'repository', Class: '', Name: wanted.repository, Action: wanted.action }]
    : null
  const headers = { 'www-authenticate': `Bearer ${parts.join(',')}` }
  return refused(401, 'UNAUTHORIZED', 'authentication required', detail, headers)
}

function scopeOf({ repository, action }: Wanted): string {
  if (action === 'catalog') return 'registry:catalog:*'
  return repository ? `repository:${repository}:${action === 'push' ? 'pull,push' : 'pull'}` : ''
}
