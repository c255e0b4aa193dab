import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { RedisLayout, RedisSettings } from '../../redis/settings.ts'
import { type Text, text } from '../../text.ts'

/** Scripts that write after they asked the time need 5.0, the rest of what we and the queue use 6.2. */
const least = { major: 6, minor: 2 } as const

type Asked = Pick<Redis, 'info' | 'config'>

/** What is wrong with a Redis that is to keep our records: sentences with the command that mends it. */
export async function checkRedis(redis: Asked, { layout }: Pick<RedisSettings, 'layout'>): Promise<readonly Text[]> {
  const [info, policy, save] = await Promise.all([
    redis.info().catch(refused),
    setting(redis, 'maxmemory-policy'),
    setting(redis, 'save'),
  ])
  const fields = new Map(info?.split(/\r?\n/).map((line) => splitOnce(line)))
  return [
    versionProblem(fields.get('redis_version')),
    policyProblem(policy ?? fields.get('maxmemory_policy')),
    persistenceProblem(fields.get('aof_enabled'), save),
    clusterProblem(fields.get('redis_mode'), layout),
  ].filter((it) => it !== undefined)
}

function versionProblem(version: string | undefined): Text | undefined {
  const [major = Number.NaN, minor = Number.NaN] = version?.split('.').map(Number) ?? []
  if (!version || Number.isNaN(major + minor))
    return text`The version of Redis could not be checked, because it does not allow INFO, which the queue needs: it must be ${oldest()} or newer.`
  if (major > least.major || (major === least.major && minor >= least.minor)) return undefined
  return text`Redis is ${version}, and ${oldest()} or newer is needed: upgrade it.`
}

function oldest(): string {
  return `${least.major}.${least.minor}`
}

function policyProblem(policy: string | undefined): Text | undefined {
  if (policy === 'noeviction') return undefined
  if (policy)
    return text`Redis forgets keys when its memory is full (maxmemory-policy ${policy}), and with them incidents and jobs. Set it: redis-cli CONFIG SET maxmemory-policy noeviction && redis-cli CONFIG REWRITE`
  return text`Whether Redis forgets keys when its memory is full could not be checked, because it allows neither INFO nor CONFIG GET: its maxmemory-policy must be noeviction.`
}

function persistenceProblem(appendOnly: string | undefined, save: string | undefined): Text | undefined {
  if (appendOnly === '1' || save) return undefined
  if (appendOnly === undefined || save === undefined)
    return text`Whether Redis keeps its data on disk could not be checked, because it does not allow INFO and CONFIG GET: appendonly must be yes, or save must have a schedule.`
  return text`Redis keeps nothing on disk, and a restart of it loses every incident and job. Set it: redis-cli CONFIG SET appendonly yes && redis-cli CONFIG REWRITE`
}

/** Without REDIS_CLUSTER_NODES, keys have no hash tag, and a cluster refuses every step that touches several of them. */
function clusterProblem(mode: string | undefined, { kind }: RedisLayout): Text | undefined {
  if (mode !== 'cluster' || kind === 'cluster') return undefined
  return text`Redis is a cluster, and imagepull treats it as a single server: set REDIS_CLUSTER_NODES to some of its nodes.`
}

/** undefined: the server does not tell. Managed ones often allow no CONFIG. */
async function setting(redis: Asked, name: string): Promise<string | undefined> {
  const answer = await redis.config('GET', name).catch(refused)
  return z.tuple([z.string(), z.string()]).safeParse(answer).data?.[1]
}

/** A refusal is an answer; anything else is not. */
function refused(error: unknown): undefined {
  if (error instanceof Error && /^(?:NOPERM|ERR unknown command|ERR unknown subcommand)/i.test(error.message))
    return undefined
  throw error
}

function splitOnce(line: string): readonly [name: string, value: string] {
  const at = line.indexOf(':')
  return [line.slice(0, at), line.slice(at + 1)]
}
