import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkStore } from '../../src/cli/doctor/check-store.ts'
import type { ServiceSettings } from '../../src/config/environment.ts'
import { openBullQueue } from '../../src/queue/bull-queue.ts'
import type { RedisSettings } from '../../src/redis/settings.ts'
import { certificateAuthority } from '../../src/simulator/registry/tls.ts'
import { openStore } from '../../src/store/open.ts'
import { freePort } from '../support/free-port.ts'
import { redisAt } from '../support/redis-at.ts'
import { redisCluster, redisWithSentinels } from '../support/redis-groups.ts'
import { documentedRights, withLeastRights } from '../support/redis-rights.ts'
import { type RedisServer, redisServer, whyNoRedis } from '../support/redis-server.ts'
import { startWorking } from '../support/start-working.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

function file(name: string, content: string): string {
  const path = join(folder.path, name)
  writeFileSync(path, content)
  return path
}

/** What `doctor` says of it, one line a finding. */
async function doctor(redis: RedisSettings): Promise<readonly string[]> {
  const settings = { redis, dataDirectory: '' } as ServiceSettings // the store asks for nothing else
  const findings = await checkStore(settings, [])
  return findings.map((it) => `${it.state}: ${it.message}${'fix' in it ? ` → ${it.fix}` : ''}`)
}

const works = ['ok: reachable, persistent, supported version, and the queue works']

describe.skipIf(whyNoRedis)('TLS with a private CA and client certificates', () => {
  let server: RedisServer
  let url: string
  const files: Record<'ca' | 'cert' | 'key' | 'foreign', string> = { ca: '', cert: '', key: '', foreign: '' }

  beforeAll(async () => {
    const [own, other] = [await certificateAuthority('own'), await certificateAuthority('other')]
    const [ofServer, ofClient] = [await own.certify(['127.0.0.1']), await own.certify(['imagepull'])]
    files.ca = file('ca.pem', own.pem)
    files.foreign = file('foreign.pem', other.pem)
    files.cert = file('client.pem', ofClient.cert)
    files.key = file('client.key', ofClient.key)
    const port = await freePort()
    server = await redisServer(
      ...['--tls-port', `${port}`, '--tls-ca-cert-file', files.ca, '--tls-auth-clients', 'yes'],
      ...['--tls-cert-file', file('server.pem', ofServer.cert), '--tls-key-file', file('server.key', ofServer.key)],
    )
    url = `rediss://127.0.0.1:${port}`
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const all = () => ({ REDIS_CA_FILE: files.ca, REDIS_CERT_FILE: files.cert, REDIS_KEY_FILE: files.key })

  test('works', async () => {
    expect(await doctor(redisAt(url, all()))).toEqual(works)
  })

  test.each<[string, () => Record<string, string>, RegExp]>([
    ['without the CA', () => ({}), /^error: Redis cannot be reached: .*self.signed.* → Check REDIS_CA_FILE/],
    [
      'with another CA',
      () => ({ ...all(), REDIS_CA_FILE: files.foreign }),
      /^error: .*cannot be reached.*REDIS_CA_FILE/,
    ],
    [
      'without its certificate',
      () => ({ REDIS_CA_FILE: files.ca }),
      /^error: .*: tlsv13 alert certificate required → Check .*REDIS_CERT/,
    ],
    ['with a file that is none', () => ({ ...all(), REDIS_CERT_FILE: files.key }), /^error: .*REDIS_CERT_FILE/],
  ])('%s, doctor names the setting', async (_of, environment, says) => {
    expect(await doctor(redisAt(url, environment()))).toEqual([expect.stringMatching(says)])
  })

  test('a certificate for another name is refused', async () => {
    const at = redisAt(url.replace('127.0.0.1', 'localhost'), all())
    expect(await doctor(at)).toEqual([expect.stringMatching(/^error: .*REDIS_CA_FILE/)])
  })

  test('a server without TLS at that port', async () => {
    const plain = server.url.replace('redis://', 'rediss://')
    expect(await doctor(redisAt(plain, all()))).toEqual([
      expect.stringMatching(/→ Check REDIS_URL, and that the server is running and speaks TLS at that port/),
    ])
  })

  test('a CA that is replaced counts from the next connection on', async () => {
    const ca = file('replaced.pem', contentOf(files.foreign))
    const settings = redisAt(url, { ...all(), REDIS_CA_FILE: ca })
    const opened = await openStore({ redis: settings, dataDirectory: '', keep: 1, onError: () => undefined })
    await expect(opened.store.ping()).rejects.toMatchObject({ code: 'unavailable' })
    file('replaced.pem', contentOf(files.ca))
    await expect.poll(() => opened.store.ping().then(() => 'ok', String), { timeout: 30_000 }).toBe('ok')
    await opened.close()
  })
})

describe.skipIf(whyNoRedis)('a user of Redis', () => {
  test('with the documented rights may do all that is needed', async () => {
    await using server = await redisServer()
    expect(await doctor(redisAt(await withLeastRights(server.url)))).toEqual(works)
  })

  test('with the documented rights in a cluster, too', async () => {
    await using redis = await redisCluster()
    for (const master of redis.masters)
      await master.call('ACL', 'SETUSER', 'imagepull', ...documentedRights('password'))
    const url = redis.url.replace('redis://', 'redis://imagepull:password@')
    expect(await doctor(redisAt(url, { REDIS_CLUSTER_NODES: redis.nodes }))).toEqual(works)
  })

  test.each([
    ['a wrong password', ['>other', '+@all', '~*'], /^error: Redis cannot be reached: WRONGPASS.* → Check the user/],
    [
      'keys of another name',
      ['>password', '+@all', '~other:*'],
      /^error: Redis did not do it .* → Give the user the ri/,
    ],
    ['no blocking pop', ['>password', '+@all', '~*', '-bzpopmin'], /^error: .*bzpopmin.* → Give the user the rights/],
    ['no streams', ['>password', '+@all', '~*', '-xadd'], /^error: a job cannot pass.* → Give the user the rights/],
  ])('with %s: doctor says so', async (_of, rights, says) => {
    await using server = await redisServer()
    await using admin = adminOf(server.url)
    await admin.redis.call('ACL', 'SETUSER', 'imagepull', 'on', ...rights)
    const url = server.url.replace('redis://', 'redis://imagepull:password@')
    expect(await doctor(redisAt(url))).toEqual([expect.stringMatching(says)])
  })

  test('of a server that is no cluster: doctor names the setting', async () => {
    await using server = await redisServer()
    const settings = redisAt(server.url, { REDIS_CLUSTER_NODES: server.url.replace('redis://', '') })
    expect(await doctor(settings)).toEqual([expect.stringMatching(/→ Redis is no cluster: remove REDIS_CLUSTER_NODES/)])
  })
})

describe.skipIf(whyNoRedis)('a password that is rotated without a restart', () => {
  /** It goes on working after every connection was cut, with the new password alone. */
  async function rotates(settings: RedisSettings, rotate: () => Promise<void>): Promise<void> {
    const opened = await openStore({ redis: settings, dataDirectory: '', keep: 600_000, onError: () => undefined })
    const queue = await openBullQueue(opened.backend, { lock: 2_000, pause: 20 })
    const { runs } = startWorking(queue)
    const ran = (id: string) => expect.poll(() => runs.some((run) => run.id === id && run.end), { timeout: 60_000 })
    await opened.store.write('incident', 'kept', 1, { revision: 0 })
    await queue.add('investigate', 'before')
    await ran('before').toBe(true)
    await rotate()
    const added = () => queue.add('investigate', 'after').then(() => 'added', String)
    await expect.poll(added, { timeout: 60_000 }).toBe('added')
    await ran('after').toBe(true)
    const read = async () => (await opened.store.read('incident', 'kept').catch(() => undefined))?.value
    await expect.poll(read, { timeout: 60_000 }).toBe(1)
    await queue.stop(1_000)
    await opened.close()
  }

  async function replace(redis: Redis): Promise<void> {
    await redis.call('ACL', 'SETUSER', 'imagepull', 'resetpass', '>new')
    await redis.call('CLIENT', 'KILL', 'USER', 'imagepull')
  }

  test('of one server', async () => {
    await using server = await redisServer()
    await using admin = adminOf(server.url)
    await admin.redis.call('ACL', 'SETUSER', 'imagepull', ...documentedRights('old'))
    const password = file('one', 'old\n')
    const settings = redisAt(server.url.replace('redis://', 'redis://imagepull@'), { REDIS_PASSWORD_FILE: password })
    await rotates(settings, async () => {
      file('one', 'new\n')
      await replace(admin.redis)
    })
  })

  test('of a cluster', async () => {
    await using redis = await redisCluster()
    for (const master of redis.masters) await master.call('ACL', 'SETUSER', 'imagepull', ...documentedRights('old'))
    const environment = { REDIS_CLUSTER_NODES: redis.nodes, REDIS_PASSWORD_FILE: file('cluster', 'old') }
    const settings = redisAt(redis.url.replace('redis://', 'redis://imagepull@'), environment)
    await rotates(settings, async () => {
      file('cluster', 'new')
      for (const master of redis.masters) await replace(master)
    })
  })

  test('of Sentinels', async () => {
    await using redis = await redisWithSentinels()
    const admins = redis.sentinels.split(',').map((address) => new Redis(`redis://${address}`))
    const set = (password: string) =>
      Promise.all(admins.map((admin) => admin.call('ACL', 'SETUSER', 'default', 'resetpass', `>${password}`)))
    await set('old')
    const environment = {
      REDIS_SENTINELS: redis.sentinels,
      REDIS_SENTINEL_PASSWORD_FILE: file('sentinels', 'wrong'),
    }
    const opened = await openStore({
      redis: redisAt(redis.url, environment),
      dataDirectory: '',
      keep: 1,
      onError: () => undefined,
    })
    await expect(opened.store.ping()).rejects.toThrow(/Redis cannot be reached/)
    file('sentinels', 'old')
    await expect.poll(() => opened.store.ping().then(() => 'ok', String), { timeout: 60_000 }).toBe('ok')
    await opened.close()
    for (const admin of admins) admin.disconnect()
  })
})

function adminOf(url: string) {
  const redis = new Redis(url)
  return { redis, [Symbol.asyncDispose]: async () => redis.disconnect() }
}

function contentOf(path: string): string {
  return readFileSync(path, 'utf8')
}
