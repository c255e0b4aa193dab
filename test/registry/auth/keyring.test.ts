import { describe, expect, test } from 'vitest'
import { matchCredentials, normaliseKey, readPullSecret } from '../../../src/registry/auth/keyring.ts'
import { parseReference } from '../../../src/registry/reference.ts'

const encode = (of: unknown): string => Buffer.from(JSON.stringify(of)).toString('base64')
const auth = (text: string): string => Buffer.from(text).toString('base64')
const configOf = (auths: Readonly<Record<string, object>>) =>
  readPullSecret('secret shop/regcred', 'kubernetes.io/dockerconfigjson', { '.dockerconfigjson': encode({ auths }) })

async function matching(image: string, ...keys: readonly string[]): Promise<readonly string[]> {
  const parsed = parseReference(image)
  if (!parsed.valid) throw new Error(parsed.reason)
  const secret = await configOf(Object.fromEntries(keys.map((key) => [key, { username: key, password: 'p' }])))
  const credentials = await matchCredentials([secret], parsed.reference)
  return credentials.map(({ username }) => username)
}

// By the kubelet's own rules: pkg/credentialprovider/keyring.go.
describe('keys that fit, and keys that look as if they did', () => {
  test.each([
    ['nginx', 'https://index.docker.io/v1/', true],
    ['nginx', 'https://index.docker.io/v1', false],
    ['nginx', 'docker.io', true],
    ['nginx', 'registry-1.docker.io', false],
    ['nginx', 'hub.docker.com', false],
    ['nginx', '*.docker.io', false],
    ['10.43.170.72:5000/app', '10.43.170.72:5000', true],
    ['10.43.170.72:5000/app', '10.43.170.72', false],
    ['10.43.170.72:5000/app', 'http://10.43.170.72:5000', true],
    ['10.43.170.72:5000/app', '10.43.*.*:5000', true],
    ['reg.io/team-b/x', 'reg.io/team', true],
    ['reg.io/other/x', 'reg.io/team', false],
    ['reg.io/team/x', 'reg.io/v2', false],
    ['reg.io/team/x', 'https://reg.io/v2/', true],
    ['123.dkr.ecr.eu-west-1.amazonaws.com/a', '*.dkr.ecr.*.amazonaws.com', true],
    ['reg.io/a', 'reg.io:443', false],
    ['Reg.io/a', 'reg.io', false],
    // Go's URL parser takes brackets for an IPv6 address alone, and the kubelet ignores the key.
    ['a1.reg.io/a', 'a[0-9].reg.io', false],
    ['[::1]:5000/a', '[::1]:5000', true],
    ['localhost/a', 'https://index.docker.io/v1/', true],
    ['my_host.io/a', 'my_host.io', true],
    // The kubelet reads the key as a URL, and there a question mark begins the query.
    ['ab.reg.io/a', 'a?.reg.io', false],
  ])('%s with %s: %s', async (image, key, fits) => {
    expect(await matching(image, key)).toEqual(fits ? [key] : [])
  })

  test('every one that fits is tried, the longer of two that begin alike first', async () => {
    expect(await matching('reg.io/team/x', 'reg.io', 'reg.io/team')).toEqual(['reg.io/team', 'reg.io'])
  })
})

test.each([
  ['https://index.docker.io/v1/', 'index.docker.io'],
  ['https://index.docker.io/v1', 'index.docker.io/v1'],
  ['http://r.io:5000/', 'r.io:5000'],
  ['r.io/team', 'r.io/team'],
])('%s is filed under %s', (key, filed) => {
  expect(normaliseKey(key)).toBe(filed)
})

describe('what a secret holds', () => {
  test('auth wins over username and password, and only the first colon separates', async () => {
    const { entries } = await configOf({ 'r.io': { username: 'a', password: 'b', auth: auth('user:pass:word') } })
    const [entry] = entries
    expect(entry?.username).toBe('user')
    expect(entry?.password.reveal()).toBe('pass:word')
  })

  test('the old form has no auths around its entries', async () => {
    const secret = await readPullSecret('secret a/b', 'kubernetes.io/dockercfg', {
      '.dockercfg': encode({ 'r.io': { auth: auth('u:p') } }),
    })
    expect(secret.entries.map(({ key }) => key)).toEqual(['r.io'])
  })

  test('no password is ever printed', async () => {
    const secret = await configOf({ 'r.io': { auth: auth('user:c4n4ry') } })
    expect(JSON.stringify(secret)).not.toContain('c4n4ry')
  })

  test.each([
    ['Opaque', { '.dockerconfigjson': encode({ auths: {} }) }, 'wrong-type'],
    ['kubernetes.io/dockerconfigjson', {}, 'no-data'],
    ['kubernetes.io/dockerconfigjson', { '.dockercfg': encode({}) }, 'no-data'],
    ['kubernetes.io/dockerconfigjson', { '.dockerconfigjson': Buffer.from('no json').toString('base64') }, 'broken'],
    [
      'kubernetes.io/dockerconfigjson',
      { '.dockerconfigjson': encode({ auths: { 'r.io': { auth: '!!!' } } }) },
      'broken',
    ],
    [
      'kubernetes.io/dockerconfigjson',
      { '.dockerconfigjson': encode({ auths: { 'r.io': { auth: auth('nocolon') } } }) },
      'broken',
    ],
    ['kubernetes.io/dockerconfigjson', { '.dockerconfigjson': encode({ auths: { 'r.io': 'text' } }) }, 'broken'],
  ])('%s %j: %s', async (type, data, problem) => {
    expect(await readPullSecret('secret a/b', type, data)).toMatchObject({ entries: [], problem: { kind: problem } })
  })
})

test('one secret that does not decode spoils the others; one of a wrong type is passed over', async () => {
  const good = await configOf({ 'r.io': { username: 'u', password: 'p' } })
  const broken = await configOf({ 'other.io': { auth: '!!!' } })
  const opaque = await readPullSecret('secret a/b', 'Opaque', {})
  const reference = { host: 'r.io', repository: 'a' }
  expect(await matchCredentials([good, broken], reference)).toEqual([])
  expect(await matchCredentials([good, opaque], reference)).toHaveLength(1)
})
