import { expect, test } from 'vitest'
import { parseChallenges } from '../../src/registry/auth/challenge.ts'
import { matchCredentials, readPullSecret } from '../../src/registry/auth/keyring.ts'
import { readManifest } from '../../src/registry/manifest.ts'
import { parseReference } from '../../src/registry/reference.ts'
import { readRefusal } from '../../src/registry/refusal.ts'
import { turnsDuring } from '../support/turns-during.ts'

// Each is repeated to 8 KiB and to 1.5 MB. What takes more than linear time needs minutes for the longer one.
const pieces = [
  'a',
  ' ',
  '*',
  '*a',
  '[^a-b]',
  '.',
  '%41',
  '@',
  ':',
  '/',
  'a-',
  '"\\',
  'a="',
  '{{',
  '$(',
  '<a',
  '\n',
  'é',
  '_',
  '9.',
]
const sizes = [8 * 1024, 1_500_000]

function secretWith(auths: object) {
  const json = Buffer.from(JSON.stringify({ auths })).toString('base64')
  return readPullSecret('secret a/b', 'kubernetes.io/dockerconfigjson', { '.dockerconfigjson': json })
}

test.each(pieces)('text made of %j keeps no reader busy', async (piece) => {
  for (const size of sizes) {
    const text = piece.repeat(Math.ceil(size / piece.length))
    expect(parseReference(text).valid).toBe(false)
    for (const repository of ['app', text.slice(0, 4_000)]) {
      const secret = await secretWith({ [text]: { username: 'u' }, [`${text}b.io`]: { username: 'u' } })
      const logins = await matchCredentials([secret], { host: `${'a'.repeat(63)}.io`, repository })
      expect(logins.length).toBeLessThanOrEqual(2)
    }
    expect((await secretWith({ 'r.io': { auth: text } })).source).toBe('secret a/b')
    expect(parseChallenges(text).length).toBeLessThanOrEqual(4_096)
    expect(readManifest(text)).toBeUndefined()
    const body = JSON.stringify({ errors: [{ code: text, message: text }] })
    const answer = { url: new URL('https://r.io/v2/'), status: 404, headers: { 'content-type': text }, body }
    expect(JSON.stringify(readRefusal(answer, { method: 'GET', url: '' })).length).toBeLessThan(5_000)
  }
})

test('a secret with very many keys lets other work run while it is read and matched', async () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => [`${'*.'.repeat(10)}${index}`, { username: 'u' }] as const)
  const auths = Object.fromEntries([...keys, ['r.io/app', { username: 'robot' }]])
  const { value: secret, turns: whileRead } = await turnsDuring(() => secretWith(auths))
  const match = () => matchCredentials([secret], { host: 'r.io', repository: 'app' })
  const { value: credentials, turns: whileMatched } = await turnsDuring(match)
  expect(credentials.map(({ username }) => username)).toEqual(['robot'])
  // Other work runs after every thousandth key at the latest, in each pass over them.
  expect(whileRead).toBeGreaterThanOrEqual(40)
  expect(whileMatched).toBeGreaterThanOrEqual(20)
})
