import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkRedis } from '../../src/store/redis/check-redis.ts'
import { redisStore } from '../../src/store/redis/store.ts'
import type { Store } from '../../src/store/store.ts'
import { plain } from '../../src/text.ts'
import { redisAt } from '../support/redis-at.ts'
import { type RedisServer, redisServer, whyNoRedis } from '../support/redis-server.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const keep = 600_000

describe.skipIf(whyNoRedis)('a store in Redis', () => {
  let server: RedisServer
  let store: Store
  let client: Redis

  beforeAll(async () => {
    server = await redisServer()
    store = redisStore({ redis: redisAt(server.url), keep, onError: console.error })
    client = new Redis(server.url)
  })
  afterAll(async () => {
    client?.disconnect()
    await store?.close()
    await server?.[Symbol.asyncDispose]()
  })

  test('has no key that stays for ever, and none of another name', async () => {
    await store.write('incident', 'id', { a: 1 }, { revision: 0, list: 'open' })
    await store.write('facts', 'id', { a: 1 }, { revision: 0 })
    await store.claim('key', 60_000)
    await store.lease('name', 60_000)
    await store.pace('key', 60_000)
    await store.holdPace('other', 60_000)
    const keys = await client.keys('*')
    expect(keys.length).toBeGreaterThanOrEqual(9)
    expect(keys.filter((key) => !key.startsWith('imagepull:'))).toEqual([])
    const left = await Promise.all(keys.map((key) => client.pttl(key)))
    expect(left.filter((ms) => ms <= 0)).toEqual([])
  })

  test('a clock of the server that was set back delays no slot', async () => {
    const past = Date.now() + 300_000 // when the last slot was reserved, by the clock of then
    await client.set('imagepull:pace:back', `${past + 30_000} ${past}`, 'PX', 600_000)
    const wait = await store.pace('back', 1_000)
    expect(wait).toBeGreaterThan(25_000)
    expect(wait).toBeLessThanOrEqual(30_000)
    await client.set('imagepull:pace:earlier', `${Date.now() + 30_000}`, 'PX', 600_000) // as an earlier version wrote it
    expect(await store.pace('earlier', 1_000)).toBeGreaterThan(15_000)
  })

  test('forgets who expired in its lists, also in one that is only written to', async () => {
    const brief = redisStore({ redis: redisAt(server.url), keep: 50, onError: () => undefined })
    await brief.write('incident', 'gone', 1, { revision: 0, list: 'swept' })
    // Else the whole list would be gone with its last member.
    for (const part of ['list', 'expiry']) await client.call('PEXPIRE', `imagepull:${part}:incident:swept`, '60000')
    await expect.poll(() => brief.read('incident', 'gone')).toBeUndefined()
    await store.write('incident', 'new', 1, { revision: 0, list: 'swept' })
    expect(await client.zrange('imagepull:list:incident:swept', '0', '-1')).toEqual(['new'])
    expect(await client.zrange('imagepull:expiry:incident:swept', '0', '-1')).toEqual(['new'])
    await brief.close()
  })

  test('does not show what is in its list and is not there', async () => {
    for (const id of ['a', 'b', 'c'])
      await store.write('incident', `evicted-${id}`, id, { revision: 0, list: 'evicted' })
    await client.del('imagepull:record:incident:evicted-a')
    expect((await store.list('incident', 'evicted', 2)).map(({ value }) => value)).toEqual(['b', 'c'])
    expect(await store.count('incident', 'evicted')).toBe(2)
  })

  test('has no value where somebody else wrote what is not JSON', async () => {
    await client.hset('imagepull:record:incident:strange', { value: 'not JSON', revision: 1 })
    expect(await store.read('incident', 'strange')).toEqual({ id: 'strange', value: undefined, revision: 1 })
    await client.del('imagepull:record:incident:strange')
  })

  test('is unavailable once it is closed', async () => {
    const closed = redisStore({ redis: redisAt(server.url), keep, onError: () => undefined })
    await closed.ping()
    await closed.close()
    await expect(closed.ping()).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe.skipIf(whyNoRedis).concurrent('what is wrong with a server', () => {
  const table: readonly (readonly [name: string, options: readonly string[], says: readonly RegExp[]])[] = [
    ['nothing', [], []],
    ['nothing, where it saves snapshots', ['--appendonly', 'no', '--save', '60 1000'], []],
    ['it forgets', ['--maxmemory-policy', 'allkeys-lru'], [/allkeys-lru.*CONFIG SET maxmemory-policy noeviction/]],
    ['it keeps nothing', ['--appendonly', 'no'], [/nothing on disk.*CONFIG SET appendonly yes/]],
    ['both', ['--appendonly', 'no', '--maxmemory-policy', 'volatile-ttl'], [/volatile-ttl/, /nothing on disk/]],
  ]
  test.each(table)('%s', async (_name, options, says) => {
    await using server = await redisServer(...options)
    const store = redisStore({ redis: redisAt(server.url), keep, onError: () => undefined })
    const problems = (await store.problems()).map(plain)
    await store.close()
    expect(problems).toHaveLength(says.length)
    for (const [index, pattern] of says.entries()) expect(problems[index]).toMatch(pattern)
  })

  test('what it does not tell is not taken for right', async () => {
    await using server = await redisServer()
    const admin = new Redis(server.url)
    await admin.call('ACL', 'SETUSER', 'tenant', 'on', 'nopass', '~*', '+@all', '-config', '-info')
    admin.disconnect()
    const url = server.url.replace('redis://', 'redis://tenant:any@')
    const store = redisStore({ redis: redisAt(url), keep, onError: () => undefined })
    const problems = (await store.problems()).map(plain)
    await store.close()
    expect(problems).toHaveLength(3)
    for (const problem of problems) expect(problem).toMatch(/could not be checked/)
  })

  test('INFO is enough for the policy, and CONFIG for nothing else', async () => {
    await using server = await redisServer()
    const admin = new Redis(server.url)
    await admin.call('ACL', 'SETUSER', 'tenant', 'on', 'nopass', '~*', '+@all', '-config')
    admin.disconnect()
    const store = redisStore({
      redis: redisAt(server.url.replace('redis://', 'redis://tenant:any@')),
      keep,
      onError: () => undefined,
    })
    expect(await store.problems()).toEqual([])
    await store.close()
  })
})

describe('the version of a server', () => {
  test.each([
    ['6.0.16', ['Redis is 6.0.16, and 6.2 or newer is needed: upgrade it.']],
    ['5.0.7', ['Redis is 5.0.7, and 6.2 or newer is needed: upgrade it.']],
    ['6.2.0', []],
    ['7.2.4', []],
    ['10.0.0', []],
  ])('%s', async (version, wanted) => {
    const server = {
      info: async () => `# Server\r\nredis_version:${version}\r\naof_enabled:1\r\nmaxmemory_policy:noeviction\r\n`,
      config: async () => [],
    }
    // Debian has no older Redis to start.
    expect(
      (await checkRedis(server as unknown as Parameters<typeof checkRedis>[0], redisAt('redis://127.0.0.1'))).map(
        plain,
      ),
    ).toEqual(wanted)
  })
})
