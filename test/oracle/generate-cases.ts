import { type Random, random } from './random.ts'

/** What a kubelet is asked: an image, and the pod's pull secrets. */
export interface OracleCase {
  readonly image: string
  readonly secrets: readonly OracleSecret[]
}

export interface OracleSecret {
  readonly type: string
  /** Values in base64. */
  readonly data: Readonly<Record<string, string>>
}

const hosts = [
  ...[
    'docker.io',
    'index.docker.io',
    'registry-1.docker.io',
    'ghcr.io',
    'reg.acme.io',
    'reg.acme.io:5443',
    'a.b.c.example',
  ],
  ...[
    'localhost',
    'localhost:5000',
    '10.43.170.72:5000',
    'Reg.Acme.io',
    '[::1]:5000',
    '[fd00::1]',
    '[::ffff:10.0.0.1]:80',
  ],
  ...[
    'eu.gcr.io',
    '123.dkr.ecr.eu-west-1.amazonaws.com',
    'x',
    'myhost',
    'my_host.io',
    'my__host.io:5000',
    'acme-.io',
    '-acme.io',
  ],
  ...[
    'a..b',
    'a--b.io',
    'acme.io:',
    'acme.io:99999',
    'acme.io:http',
    'acme.io:1:2',
    '',
    '[::1',
    '::1',
    '[1.2.3.4]',
    'xn--n3h.com',
  ],
]
const paths = [
  ...[
    'app',
    'library/app',
    'team/app',
    'team/sub/app',
    'team/app-x',
    'team//app',
    'Team/app',
    'team/app.',
    'team/_app',
    'team',
  ],
  ...[
    'a__b',
    'a___b',
    'a--b',
    'a.-b',
    'a-.b',
    'a..b',
    'ubuntu',
    `${'a'.repeat(120)}`,
    'a'.repeat(256),
    'a'.repeat(64),
    'team/äpp',
  ],
  ...[`${'a/'.repeat(127)}b`, 'deadbeef'.repeat(8), 'team/ap p', '/team', 'team/', 'v1/app', 'v2/team/app', 'app%20x'],
]
const tags = [
  ...['', '', '', ':1.0', ':latest', ':', ':v1_2-3.4', ':-x', ':.x', ':_x', ':1:2', ':$TAG', ':ä', ':1.0 ', ':A', '\n'],
  ...[`:${'a'.repeat(128)}`, `:${'a'.repeat(129)}`],
]
const digests = [
  ...[
    '',
    '',
    '',
    '',
    '@',
    '@sha256:',
    `@sha256:${'a'.repeat(64)}`,
    `@sha256:${'A'.repeat(64)}`,
    `@sha256:${'a'.repeat(63)}`,
  ],
  ...[
    `@sha512:${'b'.repeat(128)}`,
    `@sha384:${'d'.repeat(96)}`,
    `@md5:${'c'.repeat(32)}`,
    `@sha256+b64:${'a'.repeat(64)}`,
  ],
  ...[`@SHA256:${'a'.repeat(64)}`, `@sha256:${'a'.repeat(64)}@sha256:${'a'.repeat(64)}`, '@sha256'],
]
/** Images that the keys below often fit. */
const usual = [
  ...['reg.acme.io/team/app:1', 'reg.acme.io:5443/team/app:1', 'nginx', 'docker.io/team/app', 'ghcr.io/team/app:1'],
  ...[
    '10.43.170.72:5000/app:1',
    '123.dkr.ecr.eu-west-1.amazonaws.com/app:1',
    'eu.gcr.io/team/app',
    'localhost:5000/app',
  ],
  ...[
    'index.docker.io/library/app',
    '[::1]:5000/app',
    'localhost/app',
    'Myhost/app',
    'my_host.io/app',
    '[fd00::1]/app',
  ],
]
const globs = [
  ...[
    '*',
    '*.io',
    '*.acme.io',
    'reg.*.io',
    '*.docker.io',
    'r?g.acme.io',
    '[a-r]eg.acme.io',
    '[^r]eg.acme.io',
    'reg.acme.*',
  ],
  ...[
    '*.*.*',
    '**.io',
    '\\*.io',
    '[',
    'reg.[a',
    '*.dkr.ecr.*.amazonaws.com',
    '*:5000',
    '*.io:5443',
    'reg.acme.io:*',
    'r*g.acme.io',
  ],
  ...[
    '*e*.a*e.io',
    'r*e*g*.*a*c*m*e*.i*o',
    'reg.acme.i*o',
    'reg.acme.io*',
    '*reg.acme.io',
    '10.43.*.*:5000',
    '[*]:5000',
    '***.***.***',
  ],
]
const schemes = [
  '',
  '',
  '',
  'https://',
  'http://',
  'HTTPS://',
  'ftp://',
  'user@',
  'https://u:p@',
  'https://u%40x:p@',
  'https://a b@',
  '//',
]
const endings = [
  ...[
    '',
    '',
    '',
    '',
    '/',
    '/v1/',
    '/v2/',
    '/v1',
    '/v2',
    '/v2/team',
    '/team',
    '/team/',
    '/team/app',
    '/team/app/',
    '/library',
    '?',
  ],
  ...[
    '/v1/team/app',
    '?x=1',
    '#f',
    '#%',
    '/team?x',
    '/TEAM',
    '/v3/',
    '/te%61m',
    '/team%3Fx',
    '/team%',
    '/%2525',
    '//',
    '/v1//',
    '/%ff',
  ],
]
/** Characters that mean something to one of the parsers. */
const special = [
  ...'*?[]\\^-:/@#%.~_ !"$&\'()+,;=<>|{}`aZ09é漢😀\u0000\u007f\t\n',
  '%41',
  '%2e',
  '%c3%a9',
  '%25',
  '..',
  '[a-z]',
  '[!a]',
  '[^-a]',
]

function mutated(of: string, choose: Random): string {
  const at = choose.number(of.length + 1)
  const removed = choose.chance(0.5) ? 1 : 0
  return of.slice(0, at) + choose.one(special) + of.slice(at + removed)
}

function imageOf(choose: Random): string {
  if (choose.chance(0.5)) return choose.one(usual)
  const host = choose.chance(0.85) ? choose.one(hosts) : ''
  const end = choose.chance(0.25) ? '' : choose.one(tags) + choose.one(digests)
  const image = `${host && `${host}/`}${choose.one(paths)}${end}`
  return choose.chance(0.2) ? mutated(image, choose) : image
}

function keyOf(choose: Random): string {
  const key = choose.one(schemes) + choose.one(choose.chance(0.5) ? hosts : globs) + choose.one(endings)
  return choose.chance(0.25) ? mutated(key, choose) : key
}

function authOf(login: string, choose: Random): string {
  const base64 = Buffer.from(login).toString('base64')
  return choose.one([
    ...Array.from({ length: 12 }, () => base64),
    ...[base64.replace(/=+$/, ''), Buffer.from(login).toString('base64url'), Buffer.from('nocolon').toString('base64')],
    ...[
      `${base64}\n`,
      `${base64} `,
      `\r\n${base64}`,
      `${base64.slice(0, 4)}\n${base64.slice(4)}`,
      '!!notbase64',
      `${base64}=`,
      '',
    ],
    Buffer.from(`${login}:more`).toString('base64'),
  ])
}

function entryOf(serial: number, choose: Random): unknown {
  const [username, password] = [`u${serial}`, `p${serial}`]
  const auth = authOf(`${username}:${password}`, choose)
  return choose.one<unknown>([
    ...Array.from({ length: 6 }, () => ({ auth })),
    ...Array.from({ length: 6 }, () => ({ username, password })),
    ...[{ username: 'x', password: 'y', auth }, { username }, { password }, {}, { auth: null, username, password }],
    ...[{ identitytoken: 'token' }, { username: 1, password }, { username, password, email: 'x@y', extra: { a: 1 } }],
    ...[
      { Username: username, PASSWORD: password },
      { AUTH: auth },
      { username: 'x', USERNAME: username, Password: null },
    ],
    ...[
      { username, password, email: 1 },
      { auth: [auth] },
      null,
      'text',
      [],
      1,
      true,
      { paßword: 1, uſername: username },
    ],
  ])
}

/** Entries that do not decode are rare: one spoils every other secret. */
function entriesOf(serial: number, choose: Random): Record<string, unknown> {
  const count = choose.one([1, 1, 2, 3, 6])
  const entries = Array.from({ length: count }, (_, index) => {
    const own = serial * 10 + index
    const plain = { username: `u${own}`, password: `p${own}` }
    return [keyOf(choose), choose.chance(0.7) ? plain : entryOf(own, choose)] as const
  })
  return Object.fromEntries(entries)
}

const types = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'] as const

function bodyOf(isNested: boolean, serial: number, choose: Random): unknown {
  const auths = entriesOf(serial, choose)
  const body = isNested ? { auths } : auths
  if (choose.chance(0.85)) return body
  return choose.one<unknown>([
    ...[
      { auths: null },
      {},
      [],
      null,
      1,
      { AUTHS: auths },
      { auths, Auths: entriesOf(serial + 5, choose) },
      { auths, AUTHS: null },
    ],
    ...[
      { ...body, HttpHeaders: { a: 'b' } },
      { ...body, httpheaders: { a: 1 } },
      { ...body, HttpHeaders: null },
    ],
    ...[{ ...body, credHelpers: { x: 'y' } }, { auths: [] }, { auths: 'x' }, { authſ: auths }],
  ])
}

function secretOf(serial: number, choose: Random): OracleSecret {
  const isNested = choose.chance(0.7)
  const json = JSON.stringify(bodyOf(isNested, serial, choose))
  const text = choose.chance(0.92)
    ? json
    : choose.one([json.slice(0, -1), `${json} trailing`, `\ufeff${json}`, '', ` ${json}\n`])
  const key = choose.chance(0.97) ? (isNested ? '.dockerconfigjson' : '.dockercfg') : '.dockerconfig'
  const type = choose.chance(0.95) ? types[isNested ? 0 : 1] : choose.one(['Opaque', '', types[isNested ? 1 : 0]])
  return { type, data: { [key]: Buffer.from(text).toString('base64') } }
}

/** Cases about which a keyring and a reference parser may disagree with the kubelet. The seed repeats them. */
export function generateCases(count: number, seed: number): readonly OracleCase[] {
  const choose = random(seed)
  return Array.from({ length: count }, () => {
    const image = imageOf(choose)
    const secrets = Array.from({ length: choose.one([1, 1, 2, 3]) }, (_, index) => secretOf(index * 10, choose))
    return { image, secrets }
  })
}
