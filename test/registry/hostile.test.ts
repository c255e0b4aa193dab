import { expect, test } from 'vitest'
import { parseChallenges } from '../../src/registry/auth/challenge.ts'
import { matchCredentials, readPullSecret } from '../../src/registry/auth/keyring.ts'
import { readManifest } from '../../src/registry/manifest.ts'
import { parseReference } from '../../src/registry/reference.ts'
import { readRefusal } from '../../src/registry/refusal.ts'

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

test.each(pieces)('text made of %j keeps no reader busy', (piece) => {
  for (const size of sizes) {
    const text = piece.repeat(Math.ceil(size / piece.length))
    expect(parseReference(text).valid).toBe(false)
    for (const repository of ['app', text.slice(0, 4_000)]) {
      const secret = secretWith({ [text]: { username: 'u' }, [`${text}b.io`]: { username: 'u' } })
      expect(matchCredentials([secret], { host: `${'a'.repeat(63)}.io`, repository }).length).toBeLessThanOrEqual(2)
    }
    expect(secretWith({ 'r.io': { auth: text } }).source).toBe('secret a/b')
    expect(parseChallenges(text).length).toBeLessThanOrEqual(4_096)
    expect(readManifest(text)).toBeUndefined()
    const body = JSON.stringify({ errors: [{ code: text, message: text }] })
    const answer = { url: new URL('https://r.io/v2/'), status: 404, headers: { 'content-type': text }, body }
    expect(JSON.stringify(readRefusal(answer, { method: 'GET', url: '' })).length).toBeLessThan(5_000)
  }
})

test('a secret with very many keys is matched', () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => [`${'*.'.repeat(10)}${index}`, { username: 'u' }] as const)
  expect(matchCredentials([secretWith(Object.fromEntries(keys))], { host: 'r.io', repository: 'app' })).toEqual([])
})
