import { expect, test } from 'vitest'
import { createOwnLogins, type LoginProvider, loadLibrary } from '../../../src/registry/identity/own-logins.ts'
import { Secret } from '../../../src/secret.ts'

const host = 'registry.example'
const hour = 3_600_000

/** A provider whose logins last an hour, and that fails when told to. */
function provided(patience?: number) {
  const clock = { now: 1_000_000_000 }
  const provider = { asked: 0, fails: undefined as Error | undefined, hangs: false }
  const of: LoginProvider = {
    called: "imagepull's own test identity",
    async get() {
      provider.asked += 1
      if (provider.hangs) return new Promise(() => {})
      if (provider.fails) throw provider.fails
      return { username: 'robot', password: new Secret(`password-${provider.asked}`), expires: clock.now + hour }
    },
  }
  const providerOf = (it: string) => (it === host ? of : undefined)
  const logins = createOwnLogins({ providerOf, now: () => clock.now, ...(patience && { patience }) })
  const password = async () => (await logins(host))?.password.reveal()
  return { clock, provider, logins, password }
}

test('where none is configured, there is none', async () => {
  expect(await provided().logins('other.example')).toBeUndefined()
})

test('a login is told as the rights of imagepull', async () => {
  expect((await provided().logins(host))?.source).toBe("imagepull's own test identity, whose rights are not the node's")
})

test('requests that begin together log in once, and the login is kept until shortly before its end', async () => {
  const { clock, provider, password } = provided()
  expect(await Promise.all([password(), password()])).toEqual(['password-1', 'password-1'])
  clock.now += 54 * 60_000
  expect(await password()).toBe('password-1')
  clock.now += 2 * 60_000
  expect(await password()).toBe('password-2')
  expect(provider.asked).toBe(2)
})

test('where the renewal fails, a login that still works is used', async () => {
  const { clock, provider, password } = provided()
  await password()
  clock.now += 56 * 60_000
  provider.fails = new Error('the network is down')
  expect(await password()).toBe('password-1')
  clock.now += 5 * 60_000
  await expect(password()).rejects.toMatchObject({ code: 'login-unavailable' })
})

test('a missing identity is a sentence without a secret, and is not tried again at once', async () => {
  const { clock, provider, password } = provided()
  provider.fails = new Error('could not load\n credentials: https://user:c4n4ry-p4ss@host.example/')
  await expect(password()).rejects.toMatchObject({
    code: 'login-unavailable',
    message: expect.stringMatching(
      /^imagepull has no login for registry\.example: imagepull's own test identity gives none \(could not load credentials/,
    ),
  })
  await expect(password()).rejects.toThrow(expect.not.stringContaining('c4n4ry'))
  expect(provider.asked).toBe(1)
  clock.now += 31_000
  provider.fails = undefined
  expect(await password()).toBe('password-2')
})

test('one that never answers is given up', async () => {
  const { provider, password } = provided(20)
  provider.hangs = true
  await expect(password()).rejects.toThrow('did not answer within')
})

test('a library that is not installed says how to install it', async () => {
  const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
  await expect(loadLibrary('@aws-sdk/client-ecr', () => Promise.reject(missing))).rejects.toThrow(
    'npm install @aws-sdk/client-ecr',
  )
})
