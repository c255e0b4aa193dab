import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact, redactJson, redactLong, Secret } from '../src/secret.ts'
import { visible } from '../src/text.ts'
import { planted, secretsIn } from './support/secret-shapes.ts'
import { turnsDuring } from './support/turns-during.ts'

test('a secret shows itself to nobody who does not ask for it', () => {
  const secret = new Secret('hunter2')
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect(secret)}`).not.toContain('hunter2')
  expect(secret.reveal()).toBe('hunter2')
})

function shows(text: string, secret: string): boolean {
  return secretsIn(text, [secret]).length > 0
}

describe('a credential is hidden', () => {
  test('there are at least sixty shapes', () => expect(planted.length).toBeGreaterThanOrEqual(60))

  test.each(planted)('$text', ({ text, secret }) => {
    const redacted = redact(text)
    expect(shows(redacted, secret)).toBe(false)
    expect(redacted).toContain('[redacted]')
    expect(redact(redacted), 'twice is the same').toBe(redacted)
    // In the middle of a log, too.
    expect(shows(redact(`Error: ${text}`), secret)).toBe(false)
    expect(shows(redact(visible(text)), secret), 'on one line').toBe(false)
    expect(shows(redact(`INFO[0001] Building\n${text}\nexit status 1`), secret)).toBe(false)
    expect(shows(JSON.stringify(redactJson({ note: text, list: [{ text }] })), secret)).toBe(false)
  })
})

test('what is not a credential in the same line stays', () => {
  expect(redact('docker login -u robot -p hunter reg.io')).toBe('docker login -u robot -p [redacted] reg.io')
  expect(redact('before\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nafter')).toBe(
    'before\n[redacted]\nafter',
  )
  expect(redact('INFO one\nQUJD\n-----END PRIVATE KEY-----\nafter')).toBe('INFO one\n[redacted]\nafter')
  expect(redact('Authorization: Bearer abcdef12345 done"')).toBe('Authorization: Bearer [redacted]"')
})

describe('data with names', () => {
  test.each([
    [{ password: 'swordfish' }, { password: '[redacted]' }],
    [
      { name: 'API_TOKEN', value: 'swordfish' },
      { name: 'API_TOKEN', value: '[redacted]' },
    ],
    [
      ['--password', 'swordfish'],
      ['--password', '[redacted]'],
    ],
    [
      { secretName: 'regcred', image: 'r.io/token:1.2' },
      { secretName: 'regcred', image: 'r.io/token:1.2' },
    ],
    [
      ['--destination', 'r.io/app:1'],
      ['--destination', 'r.io/app:1'],
    ],
    [{ credential: 'secret shop/regcred' }, { credential: 'secret shop/regcred' }],
  ])('%j', (data, expected) => expect(redactJson(data)).toEqual(expected))
})

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

describe('ordinary texts stay as they are', () => {
  const folder = join(import.meta.dirname, 'fixtures/messages')
  test.each(['seen', 'containerd-1.6', 'containerd-2.1'])('what kubelets said: %s.json', (name) => {
    const strings = stringsIn(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')))
    expect(strings.length).toBeGreaterThan(100)
    // The one exception is a signature in the query of a content delivery network.
    const changed = strings.filter((it) => redact(it) !== it && !/\?verify=/.test(it))
    expect(changed).toEqual([])
  })

  test.each([
    'failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://auth.example/token?scope=repository%3Aa: 401',
    'may require authorization: authorization failed: no basic auth credentials',
    'unauthorized: incorrect username or password',
    'www-authenticate: Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"',
    'Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.',
    'MountVolume.SetUp failed for volume "token" : secret "db-password-2" not found',
    "couldn't find key password in Secret shop/db-1",
    'dial tcp: lookup auth.docker.io: no such host',
    'ghcr.io/acme/token-service:1.2.3 and ghcr.io/acme/secret:v2, vault/token:main-3b6f6be',
    'nginx:1.25@sha256:3b6f6be7fc66225b79a9031da206ea0b2353262888c8b5249641d622855758b8',
    'commit 9fceb02d0ae598e95dc970b74767f19372d61af8, event web.17d8f3b2c4a5e6f7, uid 6d1f3c52-9d0f-4a4c-8a43-0f8e2f7f5b0c',
    'docker run -u 1000:1000 -p 8080:80 nginx',
    'docker login --password-stdin registry.example:5000',
    '/var/lib/kubelet/pods/6d1f3c52-9d0f-4a4c-8a43-0f8e2f7f5b0c/volumes/kubernetes.io~projected/kube-api-access-x7k2p',
    '--tls-key /etc/tls/tls.key --token-file=/run/secrets/token --docker-password=PASSWORD --password=$PASSWORD',
    'ContainerStatusUnknown FailedToRetrieveImagePullSecret CreateContainerConfigError SHA256WithRSAEncryption',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/cart:v1.2.3-20240101120000-abcdef123456',
    'git@github.com:acme/shop.git ssh://git@github.com/acme/shop.git',
  ])('%s', (text) => expect(redact(text)).toBe(text))

  test('names of pods, images, digests, uids and times', () => {
    const small = fc.string({ unit: fc.constantFrom(...'bcdfghjklmnpqrstvwxz2456789'), minLength: 5, maxLength: 10 })
    const hex = (length: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
    const word = fc.constantFrom('web', 'shop', 'payments-api', 'cart', 'frontend', 'node-exporter', 'ingress')
    const tag = fc.oneof(
      fc.constant('latest'),
      hex(7),
      hex(40),
      fc.tuple(fc.nat(30), fc.nat(99)).map(([a, b]) => `v${a}.${b}.0-rc.1`),
    )
    const names = fc.oneof(
      fc.tuple(word, small, small).map(([a, b, c]) => `${a}-${b}-${c.slice(0, 5)}`),
      fc.tuple(word, word, tag).map(([a, b, c]) => `registry.acme.io:5000/${a}/${b}:${c}`),
      fc.tuple(word, hex(64)).map(([a, b]) => `ghcr.io/acme/${a}@sha256:${b}`),
      fc.tuple(word, hex(64)).map(([a, b]) => `https://registry.acme.io/v2/${a}/blobs/sha256:${b}`),
      fc.uuid(),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((it) => it.toISOString()),
    )
    fc.assert(
      fc.property(names, (it) => {
        expect(redact(`Failed to pull image "${it}": not found`)).toContain(it)
      }),
    )
  })
})

test('the time it takes grows as the text does', () => {
  const units = [
    'password=',
    'password: |\n ',
    'a',
    '--token ',
    '"name":"password",',
    '-----BEGIN PRIVATE KEY-----',
    'https://a:',
    '\\"',
    'Aa1',
    'login -p',
    'cookie:a=',
    'eyJa.',
    '@a:b',
    'value=',
  ]
  const took = (text: string): number => {
    const began = process.cpuUsage()
    redact(text)
    return process.cpuUsage(began).user
  }
  redact(units.join(' ').repeat(200))
  for (const unit of units) {
    // Eight times the text: a quadratic rule would take 64 times as long. The floor is for the clock.
    const [short, long] = [took(unit.repeat(15_000 / unit.length)), took(unit.repeat(120_000 / unit.length))]
    expect(long / Math.max(short, 2_000), unit).toBeLessThan(40)
  }
})

test('nothing behind the limit is shown, and the cut is said', async () => {
  const text = `${'a '.repeat(8_192)}password: swordfish`
  expect(redact(text).slice(-50)).toMatch(/a {2}… \[19 more characters\]$/)
  const long = `${'a '.repeat(163_840)}password: swordfish`
  expect((await redactLong(long)).slice(-50)).toMatch(/a {2}… \[19 more characters\]$/)
})

describe('a log of 200 KiB', () => {
  const line = 'INFO[0001] Unpacking rootfs as cmd COPY requires it, step 17 of 21 of the build\n'

  // 97 is no divisor of the windows' length, so that over the log each shape stands at every kind of place.
  test('hides each credential, wherever it stands', async () => {
    const parts = planted.map(({ text }, index) => `${line.repeat(32)}${'#'.repeat((index * 97) % 79)}\n${text}\n`)
    const log = parts.join('')
    expect(log.length).toBeGreaterThan(200_000)
    const redacted = await redactLong(log)
    expect(planted.filter(({ secret }) => shows(redacted, secret)).map(({ text }) => text)).toEqual([])
    // One of the shapes is a key that was cut off, which takes the line before it along.
    expect(redacted.split('\n').filter((it) => `${it}\n` === line)).toHaveLength(planted.length * 32 - 1)
  })

  test('hides a Secret whose data are longer than a window', async () => {
    const data = Array.from({ length: 400 }, (_, index) => `  ${'entry-'.repeat(10)}${index}: aHVudGVyMg==\n`).join('')
    expect(data.length).toBeGreaterThan(24_000)
    const redacted = await redactLong(`${line}kind: Secret\nmetadata:\n  name: a\ndata:\n${data}`)
    expect(redacted).not.toContain('aHVudGVyMg')
  })

  test('lets other work run after each window', async () => {
    const { turns } = await turnsDuring(() => redactLong(line.repeat(2_560)))
    expect(turns).toBeGreaterThanOrEqual(20)
  })
})
