import { dirname } from 'node:path'
import { rootCertificates } from 'node:tls'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readRegistryFiles } from '../../src/config/registry-files.ts'
import { temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'
import { certificateAuthority } from '../../src/simulator/registry/tls.ts'

const registry = { host: 'harbor.example', access: 'auto', plainHttp: false } as const
const login = '{"auths":{"harbor.example":{"username":"bot","password":"hunter2"}}}'

test('certificates and a login; the login is not printed', () => {
  using ca = temporaryFile(rootCertificates.slice(0, 2).join('\n'))
  using credentials = temporaryFile(login)
  const files = readRegistryFiles('imagepull.yaml', [
    { ...registry, ca: ca.path, credentialsFile: credentials.path },
    { ...registry, host: 'ghcr.io' },
  ])
  expect(files).toMatchObject([{ host: 'harbor.example', ca: expect.stringContaining('BEGIN') }, { host: 'ghcr.io' }])
  expect(files[0]?.credentials?.()).toBe(login)
  expect(Object.keys(files[1] ?? {})).toEqual(['host'])
  expect(inspect(files) + JSON.stringify(files)).not.toContain('hunter2')
})

test('every file that cannot be used is told at once, without a word of what it holds', () => {
  using other = temporaryFile('hunter2')
  const folder = dirname(other.path)
  expect(() =>
    readRegistryFiles('imagepull.yaml', [
      { ...registry, ca: '/nowhere/ca.pem', credentialsFile: folder },
      { ...registry, host: 'ghcr.io', ca: other.path, credentialsFile: other.path },
    ]),
  ).toThrow(
    expect.objectContaining({
      name: 'ConfigurationError',
      code: 'invalid',
      message: expect.not.stringContaining('hunter2'),
      problems: [
        { path: 'registries[0].ca', message: 'names /nowhere/ca.pem, which does not exist' },
        { path: 'registries[0].credentialsFile', message: `names ${folder}, which cannot be read (EISDIR)` },
        { path: 'registries[1].ca', message: `names ${other.path}, which does not begin with a certificate in PEM` },
        { path: 'registries[1].credentialsFile', message: `names ${other.path}, which is not JSON` },
      ],
    }),
  )
})

describe('a client certificate', async () => {
  const authority = await certificateAuthority('test')
  const own = await authority.certify(['imagepull.example'])
  const other = await authority.certify(['other.example'])

  test('and its key, which is not printed', () => {
    using certificate = temporaryFile(own.cert)
    using key = temporaryFile(own.key)
    const [files] = readRegistryFiles('imagepull.yaml', [
      { ...registry, clientCertificate: certificate.path, clientKey: key.path },
    ])
    expect(files?.client?.certificate).toBe(own.cert)
    expect(files?.client?.key()).toBe(own.key)
    expect(inspect(files) + JSON.stringify(files)).not.toContain('PRIVATE KEY')
  })

  test.each([
    ['another key', other.key, 'is not the key of the client certificate'],
    ['no key', 'hunter2', 'is not a private key in PEM without a password'],
  ])('with %s is a problem', (_, content, words) => {
    using certificate = temporaryFile(own.cert)
    using key = temporaryFile(content)
    expect(() =>
      readRegistryFiles('imagepull.yaml', [{ ...registry, clientCertificate: certificate.path, clientKey: key.path }]),
    ).toThrow(
      expect.objectContaining({
        problems: [{ path: 'registries[0].clientKey', message: `names ${key.path}, which ${words}` }],
      }),
    )
  })
})
