import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { read } from '../../src/messages/read.ts'
import type { Kind } from '../../src/messages/row.ts'
import { rows } from '../../src/messages/rows.ts'

interface Words {
  readonly message: string
  readonly waitingReason?: string
}

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/messages/${name}.json`, import.meta.url), 'utf8'))
}

describe('every example reads back as its own row, which tests the order of the rows', () => {
  test.each(rows.map((row) => [row.id, row.example] as const))('%s', (id, example) => {
    expect(read(example).cause).toBe(id)
  })
})

// Real messages from issues, documents and logs, each with its kind and other readings that are right too.
const seen =
  fixture<(Words & { readonly kind: Kind; readonly also?: readonly Kind[]; readonly image?: string })[]>('seen')

describe('real messages', () => {
  test.each(seen)('$kind: $message', ({ message, waitingReason, kind, also = [], image }) => {
    const reading = read(message, waitingReason)
    expect([kind, ...also]).toContain(reading.kind)
    if (image && message.includes(`"${image}"`)) expect(reading.image).toBe(image)
  })
})

// Retyped and shortened from public reports, with the names of nobody. Several readings are right where the words have
// several causes; an empty cause is none.
const reported =
  fixture<
    (Words & {
      readonly source: string
      readonly kinds: readonly string[]
      readonly causes?: readonly string[]
      readonly image?: string
      readonly host?: string
    })[]
  >('reported')

describe('reported messages', () => {
  test.each(reported)('$source: $message', ({ message, waitingReason, kinds, causes, image, host }) => {
    const reading = read(message, waitingReason)
    expect(kinds).toContain(reading.kind ?? 'unknown')
    if (causes) expect(causes).toContain(reading.cause ?? '')
    if (image) expect(reading.image).toBe(image)
    if (host) expect(reading.host).toBe(host)
  })
})

// What kubelets 1.36 with two generations of containerd said: every state and event of a pod. A scenario without a kind
// is no failed pull; what says nothing of the failure itself is allowed everywhere.
const quiet: readonly (Kind | undefined)[] = ['not-image-pull', 'backoff-only', undefined]
// The one event beside the failure that has a kind of its own.
const beside: Readonly<Record<string, Kind>> = { 'auth-secret-missing': 'pull-secret-missing' }

describe.each(['containerd-2.1', 'containerd-1.6'])('recorded with %s', (recording) => {
  const scenarios =
    fixture<{ readonly scenario: string; readonly kinds?: readonly Kind[]; readonly said: readonly Words[] }[]>(
      recording,
    )

  test.each(scenarios)('$scenario', ({ scenario, kinds = [], said }) => {
    const readings = said.map(({ message, waitingReason }) => read(message, waitingReason).kind)
    const allowed = [...quiet, ...kinds, beside[scenario]]
    expect(readings.filter((kind) => !allowed.includes(kind))).toEqual([])
    const failed = said.some(
      ({ waitingReason }) => waitingReason && !['ContainerCreating', 'PodInitializing'].includes(waitingReason),
    )
    if (failed && kinds.length > 0) expect(readings.some((kind) => kind && kinds.includes(kind))).toBe(true)
  })
})

// The same faults in the words of Windows, of other runtimes, and of what stands around an error.
describe('less common words', () => {
  const digest = `sha256:${'0'.repeat(64)}`
  test.each([
    [
      'registry-timeout',
      'dial tcp 10.0.0.1:443: connectex: A connection attempt failed because the connected party did not properly respond after a period of time',
    ],
    [
      'registry-timeout',
      'RegistryUnavailable: image pull failed because the registry is unavailable: dial tcp 10.0.0.1:443: i/o timeout',
    ],
    ['registry-refused', 'connectex: No connection could be made because the target machine actively refused it.'],
    [
      'connection-reset',
      'wsarecv: An existing connection was forcibly closed by the remote host reading https://a.io/v2/',
    ],
    ['proxy-failed', 'error pinging docker registry a.io: Get "https://a.io/v2/": Forbidden'],
    [
      'proxy-failed',
      'Head "https://a.io/v2/b/manifests/1": proxyconnect tcp: x509: certificate signed by unknown authority',
    ],
    ['invalid-image-name', 'Head "https://a.io:70000/v2/b/manifests/1": dial tcp: address 70000: invalid port'],
    ['short-name-unresolved', 'short-name resolution enforced but cannot prompt without a TTY'],
    [
      'signature-rejected',
      'unexpected status: 412 Precondition Failed - Server message: The image is not signed in Notary.',
    ],
    ['image-inspect-failed', 'rpc error: code = Unavailable desc = error reading from server: EOF'],
    ['image-inspect-failed', 'rpc error: code = Unavailable desc = transport is closing'],
    [
      'content-locked',
      'failed to pull and unpack image "a:b": ref k8s.io/1/layer-sha256:00 locked for 12.3s: unavailable',
    ],
    [
      'node-filesystem-fault',
      'failed to register layer: Error processing tar file(exit status 1): container id 100000 cannot be mapped to a host id',
    ],
    [
      'node-filesystem-fault',
      'copying system image: creating layer: lstat /var/lib/containers/storage/overlay/00: no such file or directory',
    ],
    ['node-filesystem-fault', 'failed to pull image: layer does not exist'],
    [
      'node-filesystem-fault',
      'failed to unpack image on snapshotter overlayfs: apply layer error: fetching content failed',
    ],
    ['corrupt-content', 'failed to register layer: Error processing tar file(exit status 1): unexpected EOF'],
    ['corrupt-content', `image config verification failed for digest ${digest}`],
    ['layer-mismatch', 'failed to pull and unpack image "a:b": invalid rootfs in image configuration'],
    ['wrong-os-image', 'a Windows version 10.0.20348-based image is incompatible with a 10.0.17763 host'],
    [
      'platform-mismatch',
      'image with reference a:b was found but does not provide the specified platform (linux/arm64)',
    ],
    [
      'https-registry-over-http',
      'failed to resolve reference "a.io/b:1": pulling from host a.io failed with status code [manifests 1]: 400 Bad Request',
    ],
    ['rate-limited', 'failed to pull image "a:b": ThrottlingException: Rate exceeded'],
    ['tag-missing', 'failed to pull image: Failed to fetch "v1" from request "/v2/p/i/manifests/v1".'],
  ])('%s: %s', (cause, message) => {
    expect(read(message).cause).toBe(cause)
  })
})

describe('what a message names', () => {
  test('the host that was contacted, the address and the image', () => {
    const reading = read(
      'Failed to pull image "nginx:latest": rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/library/nginx:latest": failed to resolve reference "docker.io/library/nginx:latest": failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/latest": dial tcp 162.125.32.13:443: connect: connection refused',
    )
    expect(reading).toMatchObject({ host: 'registry-1.docker.io', address: '162.125.32.13:443', image: 'nginx:latest' })
  })

  test('a mirror, and what it stands for', () => {
    const reading = read(
      'Failed to pull image "nginx": failed to do request: Head "https://mirror.local:5000/v2/library/nginx/manifests/latest?ns=docker.io": dial tcp 10.0.0.1:5000: connect: connection refused',
    )
    expect(reading).toMatchObject({
      cause: 'mirror-failed',
      kind: 'registry-refused',
      host: 'mirror.local:5000',
      upstream: 'docker.io',
    })
  })

  test('a mirror in the words of containerd 1.6, which names no URL', () => {
    const said = (image: string): string =>
      `failed to resolve reference "${image}": pulling from host mirror.local:5000 failed with status code [manifests 1]: 503 Service Unavailable`
    expect(read(said('a.io/b:1'))).toMatchObject({ cause: 'mirror-failed', host: 'mirror.local:5000', status: 503 })
    expect(read(said('mirror.local:5000/b:1'))).toMatchObject({ cause: 'registry-server-error' })
  })

  test('a token server', () => {
    const reading = read(
      'Failed to pull image "ghcr.io/a/b:1": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aa%2Fb%3Apull&service=ghcr.io: 403 Forbidden',
    )
    expect(reading).toMatchObject({
      cause: 'credentials-missing',
      host: 'ghcr.io',
      status: 403,
      credential: 'anonymous',
    })
  })

  test('a resolver', () => {
    const reading = read(
      'Failed to pull image "nginx": Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 192.168.49.1:53: server misbehaving',
    )
    expect(reading).toMatchObject({ cause: 'node-resolver-broken', resolver: '192.168.49.1:53' })
  })

  test('the times and names of a certificate', () => {
    const expired =
      'Head "https://a.io/v2/b/manifests/1": x509: certificate has expired or is not yet valid: current time 2022-05-29T12:15:44Z is after 2022-05-19T18:46:49Z'
    expect(read(expired).certificate).toEqual({ now: '2022-05-29T12:15:44Z', notAfter: '2022-05-19T18:46:49Z' })
    const other =
      'Head "https://b.io/v2/b/manifests/1": tls: failed to verify certificate: x509: certificate is valid for a.io, c.io, not b.io'
    expect(read(other).certificate).toEqual({ validFor: 'a.io, c.io', wanted: 'b.io' })
  })

  test('missing pull secrets', () => {
    expect(
      read('Unable to retrieve some image pull secrets (one, two); attempting to pull the image may not succeed.')
        .secrets,
    ).toEqual(['one', 'two'])
  })

  test('no address that a server only recommends to read', () => {
    expect(
      read('Failed to pull image "busybox": toomanyrequests: see https://www.docker.com/increase-rate-limit').host,
    ).toBe('docker.io')
  })
})

describe('several errors in one message', () => {
  const from = (errors: string): string => `Failed to pull image "r.io/a:1": ${errors}`
  const missing =
    'rpc error: code = NotFound desc = failed to pull and unpack image "r.io/a:1": failed to resolve image: r.io/a:1: not found'
  const anonymous =
    'failed to pull and unpack image "r.io/a:1": failed to resolve image: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://r.io/token: 401 Unauthorized'

  test('the one that got farthest leads, and each is told', () => {
    const reading = read(from(`[${anonymous}, ${missing}]`))
    expect(reading).toMatchObject({ kind: 'image-not-found', cause: 'tag-missing' })
    expect(reading.clauses.map(({ cause }) => cause).toSorted()).toEqual(['credentials-missing', 'tag-missing'])
  })

  test('also where the list was cut off', () => {
    expect(read(from(`[${missing}, ${anonymous.slice(0, 60)}`)).cause).toBe('tag-missing')
  })
})

describe('names are no causes', () => {
  test.each(['denied', 'toomanyrequests/app:429', 'x509/certificate:1', 'no/space:left', 'registry.io/i/o-timeout:1'])(
    '%s',
    (image) => {
      expect(read(`Failed to pull image "${image}": failed to resolve image: ${image}: not found`).cause).toBe(
        'tag-missing',
      )
    },
  )
})

describe('names of hosts and pods are no causes either', () => {
  test.each([
    [
      'registry-host-unknown',
      'Head "https://quarantine.io/v2/a/manifests/1": dial tcp: lookup quarantine.io: no such host',
    ],
    ['registry-host-unknown', 'dial tcp: lookup nydus-signature-invalid.io on 10.0.0.2:53: no such host'],
    ['node-resolver-broken', 'dial tcp: lookup denied.toomanyrequests.io on 10.0.0.2:53: server misbehaving'],
    [
      'registry-server-error',
      'pulling from host x509.locked.io failed with status code [manifests 1]: 503 Service Unavailable',
    ],
    [
      'tag-missing',
      'E0101 10:00:00.000000 1 log.go:32] "PullImage from image service failed" err="a.io/b:1: not found" image="a.io/b:1" pod="denied/toomanyrequests" containerName="nydus"',
    ],
  ])('%s: %s', (cause, said) => {
    expect(read(said).cause).toBe(cause)
  })
})

describe('wrappers do not change a cause', () => {
  // Those that name no image and no host of their own, which would contradict the wrapper's.
  const inner = rows.filter(({ example }) => !/:\/\/|image|secret/i.test(example))
  const wrappers = [
    (text: string) => `rpc error: code = Unknown desc = ${text}`,
    (text: string) => `Failed to pull image "app:1": ${text}`,
    (text: string) => `(combined from similar events): ${text}`,
    (text: string) => `Back-off pulling image "app:1": ErrImagePull: ${text}`,
    (text: string) => `failed to pull and unpack image "docker.io/library/app:1": ${text}`,
    (text: string) => `spec.containers{app}: ${text}`,
  ]

  test('in any combination', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...inner),
        fc.array(fc.constantFrom(...wrappers), { maxLength: 4 }),
        (row, layers) => {
          const message = layers.reduce((text, wrap) => wrap(text), row.example)
          expect(read(message).cause).toBe(row.id)
        },
      ),
    )
  })
})

test('any text at all is read, and shows no more than its beginning', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), fc.string({ maxLength: 60 }), (message, reason) => {
      expect(read(message, reason).text.length).toBeLessThanOrEqual(500)
    }),
  )
})

test('what comes after the first 8 KiB is not matched', () => {
  expect(read(`Failed to pull image "a": ${' '.repeat(8 * 1_024)}toomanyrequests`).kind).toBe('backoff-only')
})

test('a credential in a message is not repeated', () => {
  expect(
    read('Failed to pull image "a": Get "https://user:c4n4ry-c4n4ry@r.io/v2/": unexpected EOF').text,
  ).not.toContain('c4n4ry')
})

// What looks like the beginning of many patterns at once, so that a pattern which goes back over it shows.
const pieces = [
  'lookup ',
  'status ',
  'https://a/',
  ': [rpc error: ',
  'image "',
  'docker://',
  'sandbox image ',
  'admission webhook ',
  'credential provider ',
  'failed to create container: ',
  'failed to pull image ',
  'create pod sandbox ',
  'media type ',
  '\\"',
  ' a="',
  'access denied',
  'certs.d/',
  'decode ',
  'account ',
  'hcsshim::',
  '&Container{',
  'E0101 00:00:00.0 1 ',
  'nydus',
  'a:',
  '@',
  ' ',
]

test('a hostile text needs time in proportion to its length, and little', () => {
  const texts = pieces.flatMap((piece) => [
    piece.repeat(Math.ceil((64 * 1_024) / piece.length)),
    pieces.map((other) => `${piece}${other}`.repeat(300)).join(''),
  ])
  read(texts.join('')) // compiles the patterns
  const times = texts.map((text) => {
    const start = process.cpuUsage()
    read(text, 'CreateContainerError')
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1_000
  })
  // Milliseconds of CPU, whatever else the machine does. A pattern that goes back needs seconds.
  expect(Math.max(...times)).toBeLessThan(500)
})
