import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RedisVariables, readRedisSettings } from '../../src/config/redis-settings.ts'
import { type RedisSettings, redisKeyPrefix } from '../../src/redis/settings.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const file = join(folder.path, 'file')
beforeAll(() => writeFileSync(file, 'x'))
afterAll(() => folder[Symbol.dispose]())

interface Read {
  readonly settings: RedisSettings | undefined
  readonly problems: readonly string[]
}

function read(environment: RedisVariables): Read {
  const problems: string[] = []
  const settings = readRedisSettings(environment, (variable, says) => problems.push(`${variable} ${says}`))
  return { settings, problems }
}

describe('one server', () => {
  const usual = { kind: 'server', address: { host: 'redis', port: 6379 } }

  test.each<[string, Partial<RedisSettings>]>([
    ['redis://redis', { layout: usual as RedisSettings['layout'], database: 0 }],
    ['redis://redis:7000/3', { layout: { kind: 'server', address: { host: 'redis', port: 7000 } }, database: 3 }],
    ['redis://[::1]:7000', { layout: { kind: 'server', address: { host: '::1', port: 7000 } } }],
    ['redis://bot@redis?family=6', { layout: usual as RedisSettings['layout'], username: 'bot' }],
    ['rediss://redis', { tls: {} }],
  ])('%s', (url, settings) => {
    expect(read({ REDIS_URL: url })).toMatchObject({ settings, problems: [] })
  })

  test.each([
    ['redis://:p%40ss@redis', 'p@ss'],
    ['redis://:50%@redis', '50%'],
    ['redis://redis', undefined],
  ])('the password of %s', (url, password) => {
    const { settings } = read({ REDIS_URL: url })
    expect(settings?.password?.reveal()).toBe(password)
    expect(JSON.stringify(settings)).not.toContain(password ?? 'none')
  })

  test('files for the password and for TLS', () => {
    const environment = {
      REDIS_URL: 'rediss://bot@redis',
      REDIS_PASSWORD_FILE: file,
      REDIS_CA_FILE: file,
      REDIS_CERT_FILE: file,
      REDIS_KEY_FILE: file,
    }
    const tls = { caFile: file, certFile: file, keyFile: file }
    expect(read(environment)).toMatchObject({ settings: { username: 'bot', passwordFile: file, tls }, problems: [] })
  })
})

test('Sentinels: the host of the URL is the name of the master, as it is written', () => {
  const { settings, problems } = read({
    REDIS_URL: 'redis://:secret@My_Master/1',
    REDIS_SENTINELS: 'sentinel-0, sentinel-1:26380,[::1]:26381',
    REDIS_SENTINEL_PASSWORD_FILE: file,
  })
  expect(problems).toEqual([])
  expect(settings).toMatchObject({
    database: 1,
    layout: {
      kind: 'sentinel',
      master: 'My_Master',
      passwordFile: file,
      sentinels: [
        { host: 'sentinel-0', port: 26379 },
        { host: 'sentinel-1', port: 26380 },
        { host: '::1', port: 26381 },
      ],
    },
  })
})

test('a cluster: the host of the URL is one of its nodes, and every key has a hash tag', () => {
  const { settings, problems } = read({ REDIS_URL: 'rediss://redis-0', REDIS_CLUSTER_NODES: 'redis-1:7000' })
  expect(problems).toEqual([])
  expect(settings?.layout).toEqual({
    kind: 'cluster',
    nodes: [
      { host: 'redis-0', port: 6379 },
      { host: 'redis-1', port: 7000 },
    ],
  })
  expect(settings && redisKeyPrefix(settings)).toBe('{imagepull}')
  const single = read({ REDIS_URL: 'redis://redis' }).settings
  expect(single && redisKeyPrefix(single)).toBe('imagepull')
})

describe('what is refused', () => {
  const url = 'redis://redis'

  test.each<[string, RedisVariables, readonly RegExp[]]>([
    ['another scheme', { REDIS_URL: 'http://redis' }, [/^REDIS_URL must begin with redis:\/\/ or rediss:/]],
    ['no URL', { REDIS_URL: 'redis:6379' }, [/^REDIS_URL must begin with/]],
    ['no host', { REDIS_URL: 'redis://:password@' }, [/^REDIS_URL must/]],
    [
      'parameters, which would have no effect',
      { REDIS_URL: `${url}?tls=true` },
      [/^REDIS_URL must not have param.*tls/],
    ],
    ['a database that is no number', { REDIS_URL: `${url}/main` }, [/^REDIS_URL must end with the number/]],
    [
      'settings without REDIS_URL',
      { REDIS_PASSWORD_FILE: file, REDIS_SENTINELS: 'a', REDIS_CLUSTER_NODES: 'b' },
      [/^REDIS_PASSWORD_FILE has no effect/, /^REDIS_SENTINELS has no effect/, /^REDIS_CLUSTER_NODES has no effect/],
    ],
    ['two passwords', { REDIS_URL: 'redis://:a@redis', REDIS_PASSWORD_FILE: file }, [/^REDIS_PASSWORD_FILE must not/]],
    ['a file that is not there', { REDIS_URL: url, REDIS_PASSWORD_FILE: '/none' }, [/which does not exist/]],
    ['certificates without TLS', { REDIS_URL: url, REDIS_CA_FILE: file }, [/^REDIS_CA_FILE needs TLS/]],
    [
      'a certificate without its key',
      { REDIS_URL: 'rediss://redis', REDIS_CERT_FILE: file },
      [/^REDIS_CERT_FILE is not enough/],
    ],
    [
      'Sentinels of no master',
      { REDIS_URL: 'redis://redis:6379', REDIS_SENTINELS: 'a' },
      [/^REDIS_URL must name the master/],
    ],
    [
      'Sentinels that are no addresses',
      { REDIS_URL: url, REDIS_SENTINELS: 'a,b c' },
      [/^REDIS_SENTINELS must be host/],
    ],
    [
      'a password of Sentinels that are not there',
      { REDIS_URL: url, REDIS_SENTINEL_PASSWORD_FILE: file },
      [/^REDIS_SENTINEL_PASSWORD_FILE has no effect/],
    ],
    [
      'a cluster with Sentinels',
      { REDIS_URL: url, REDIS_SENTINELS: 'a', REDIS_CLUSTER_NODES: 'b' },
      [/^REDIS_CLUSTER_NODES must not be set together/],
    ],
    [
      'a database of a cluster',
      { REDIS_URL: `${url}/2`, REDIS_CLUSTER_NODES: 'b' },
      [/^REDIS_URL must not name a dat/],
    ],
    ['nodes with a password', { REDIS_URL: url, REDIS_CLUSTER_NODES: ':a@b:1' }, [/^REDIS_CLUSTER_NODES must be host/]],
    [
      'all at once',
      { REDIS_URL: `${url}/x`, REDIS_KEY_FILE: '/none' },
      [
        /^REDIS_KEY_FILE needs TLS/,
        /^REDIS_KEY_FILE is not enough/,
        /^REDIS_KEY_FILE names \/none/,
        /^REDIS_URL must end/,
      ],
    ],
  ])('%s', (_of, environment, says) => {
    expect(read(environment).problems).toEqual(says.map((it) => expect.stringMatching(it)))
  })
})
