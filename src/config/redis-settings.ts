import { accessSync, constants } from 'node:fs'
import type { RedisAddress, RedisLayout, RedisSettings, RedisTls } from '../redis/settings.ts'
import { Secret } from '../secret.ts'

type Variable = 'REDIS_URL' | 'REDIS_SENTINELS' | 'REDIS_CLUSTER_NODES' | (typeof fileVariables)[number]

/** The environment's variables about Redis. */
export type RedisVariables = Readonly<Partial<Record<Variable, string | undefined>>>

/** Called for each problem. `says` completes a sentence that begins with the variable. */
type OnProblem = (variable: Variable, says: string) => void

const usualPort = { server: 6379, sentinel: 26379 } as const
const fileVariables = [
  'REDIS_PASSWORD_FILE',
  'REDIS_SENTINEL_PASSWORD_FILE',
  'REDIS_CA_FILE',
  'REDIS_CERT_FILE',
  'REDIS_KEY_FILE',
] as const
const tlsVariables = ['REDIS_CA_FILE', 'REDIS_CERT_FILE', 'REDIS_KEY_FILE'] as const

/** Returns undefined where REDIS_URL is not set, and also where it has a problem. */
export function readRedisSettings(environment: RedisVariables, onProblem: OnProblem): RedisSettings | undefined {
  const url = environment.REDIS_URL
  if (url === undefined) {
    reportUnused(environment, onProblem)
    return undefined
  }
  const parsed = URL.parse(url)
  if (!parsed || !/^rediss?:\/\//.test(url)) {
    onProblem('REDIS_URL', 'must begin with redis:// or rediss://')
    return undefined
  }
  reportContradictions(environment, parsed, onProblem)
  for (const variable of fileVariables) reportUnreadable(variable, environment[variable], onProblem)

  const [username, password] = [decode(parsed.username), decode(parsed.password)]
  const passwordFile = environment.REDIS_PASSWORD_FILE
  const database = parsed.pathname.replace(/^\//, '')
  if (!/^\d{0,4}$/.test(database)) onProblem('REDIS_URL', 'must end with the number of a database, or with the port')
  const layout = readLayout(environment, parsed, onProblem)
  if (layout.kind === 'cluster' && Number(database) !== 0)
    onProblem('REDIS_URL', 'must not name a database, because a Redis Cluster has only database 0')
  return {
    layout,
    database: Number(database),
    ...(username && { username }),
    ...(password && { password: new Secret(password) }),
    ...(passwordFile && { passwordFile }),
    ...(parsed.protocol === 'rediss:' && { tls: tlsOf(environment) }),
  }
}

/** Settings without REDIS_URL would have no effect, and an operator would believe otherwise. */
function reportUnused(environment: RedisVariables, onProblem: OnProblem): void {
  for (const variable of [...fileVariables, 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'] as const) {
    if (environment[variable] !== undefined) onProblem(variable, 'has no effect without REDIS_URL')
  }
}

function reportContradictions(environment: RedisVariables, url: URL, onProblem: OnProblem): void {
  const { REDIS_SENTINELS, REDIS_CLUSTER_NODES, REDIS_SENTINEL_PASSWORD_FILE } = environment
  const unknown = [...url.searchParams.keys()].filter((name) => name !== 'family') // both families are always tried
  if (unknown.length > 0) onProblem('REDIS_URL', `must not have parameters (${unknown.join(', ')}): use the variables`)
  if (environment.REDIS_PASSWORD_FILE && url.password)
    onProblem('REDIS_PASSWORD_FILE', 'must not be set, because REDIS_URL has a password')
  if (REDIS_SENTINELS && REDIS_CLUSTER_NODES)
    onProblem('REDIS_CLUSTER_NODES', 'must not be set together with REDIS_SENTINELS')
  if (REDIS_SENTINEL_PASSWORD_FILE && !REDIS_SENTINELS)
    onProblem('REDIS_SENTINEL_PASSWORD_FILE', 'has no effect without REDIS_SENTINELS')
  if (url.protocol === 'redis:')
    for (const variable of tlsVariables)
      if (environment[variable]) onProblem(variable, 'needs TLS: REDIS_URL must begin with rediss://')
  if (!environment.REDIS_CERT_FILE !== !environment.REDIS_KEY_FILE)
    onProblem(environment.REDIS_CERT_FILE ? 'REDIS_CERT_FILE' : 'REDIS_KEY_FILE', bothNeeded)
}

const bothNeeded = 'is not enough: a client certificate needs REDIS_CERT_FILE and REDIS_KEY_FILE'

function reportUnreadable(variable: Variable, file: string | undefined, onProblem: OnProblem): void {
  if (file === undefined) return
  try {
    accessSync(file, constants.R_OK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    onProblem(variable, `names ${file}, which ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`)
  }
}

function readLayout(environment: RedisVariables, url: URL, onProblem: OnProblem): RedisLayout {
  const { REDIS_SENTINELS, REDIS_CLUSTER_NODES, REDIS_SENTINEL_PASSWORD_FILE } = environment
  const address = { host: hostOf(url), port: Number(url.port || usualPort.server) }
  if (REDIS_SENTINELS !== undefined) {
    const sentinels = readAddresses('REDIS_SENTINELS', REDIS_SENTINELS, usualPort.sentinel, onProblem)
    if (url.port || !url.hostname)
      onProblem('REDIS_URL', 'must name the master and no port with REDIS_SENTINELS, such as redis://user@mymaster')
    const passwordFile = REDIS_SENTINEL_PASSWORD_FILE
    return { kind: 'sentinel', master: url.hostname, sentinels, ...(passwordFile && { passwordFile }) }
  }
  if (REDIS_CLUSTER_NODES === undefined) {
    if (!url.hostname) onProblem('REDIS_URL', 'must name a host, such as redis://redis.example:6379')
    return { kind: 'server', address }
  }
  const nodes = readAddresses('REDIS_CLUSTER_NODES', REDIS_CLUSTER_NODES, usualPort.server, onProblem)
  return { kind: 'cluster', nodes: [...(url.hostname ? [address] : []), ...nodes] }
}

function readAddresses(variable: Variable, list: string, port: number, onProblem: OnProblem): readonly RedisAddress[] {
  const addresses = list.split(',').map((it) => readAddress(it.trim(), port))
  if (addresses.includes(undefined))
    onProblem(variable, `must be host:port, separated by commas, such as redis-0:${port},redis-1:${port}`)
  return addresses.filter((it) => it !== undefined)
}

function readAddress(text: string, usual: number): RedisAddress | undefined {
  const url = URL.parse(`redis://${text}`)
  const plain = url && !url.username && !url.password && /^(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d+)?$/i.test(text)
  return plain ? { host: hostOf(url), port: Number(url.port || usual) } : undefined
}

/** Without the brackets of an IPv6 address. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

function tlsOf({ REDIS_CA_FILE, REDIS_CERT_FILE, REDIS_KEY_FILE }: RedisVariables): RedisTls {
  return {
    ...(REDIS_CA_FILE && { caFile: REDIS_CA_FILE }),
    ...(REDIS_CERT_FILE && { certFile: REDIS_CERT_FILE }),
    ...(REDIS_KEY_FILE && { keyFile: REDIS_KEY_FILE }),
  }
}

/** A password with a percent sign that was not encoded is taken as it is. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
