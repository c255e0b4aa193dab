import { describe, expect, test } from 'vitest'
import {
  isLocal,
  isPublic,
  personPolicy,
  refusedAlways,
  servicePolicy,
} from '../../../src/registry/http/contact-policy.ts'

const internet = '203.0.113.7'

test.each([
  ['203.0.113.7', 'public'],
  ['2a00:1450:4001:80b::200e', 'public'],
  ['64:ff9b::203.0.113.7', 'public'],
  ['2002:cb00:7107::1', 'public'],
  ['10.0.0.1', 'local'],
  ['64:ff9b::10.0.0.1', 'local'],
  ['2002:0a00:0001::1', 'local'],
  ['::ffff:192.168.0.1', 'local'],
  ['127.0.0.53', 'local'],
  ['::1', 'local'],
  ['fd12:3456::1', 'local'],
  ['100.64.0.1', 'neither'],
  ['198.18.0.1', 'neither'],
  ['169.254.169.254', 'never'],
  ['fe80::1%eth0', 'never'],
  ['::ffff:a9fe:a9fe', 'never'],
])('%s: %s', (address, kind) => {
  const told = refusedAlways(address) ? 'never' : isLocal(address) ? 'local' : isPublic(address) ? 'public' : 'neither'
  expect(told).toBe(kind)
})

type Case = readonly [host: string, address: string, registry: string, allowed: boolean]

/** `1` in the address is the cluster's Service. */
const service = servicePolicy({
  registries: [
    { host: 'reg.acme.io:5443', plainHttp: false, tokenHosts: ['sso.acme.io', 'auth.acme.io:8443'] },
    { host: 'quay.io', plainHttp: false },
    { host: 'mirror.acme.io', plainHttp: true },
  ],
  runsInCluster: async (host, address) => {
    if (host === 'broken.infra.svc:5000') throw new Error('forbidden')
    return address === '10.43.0.1'
  },
  ca: () => undefined,
})

describe('for everybody in a channel', () => {
  test.each<Case>([
    ['registry-1.docker.io', internet, 'registry-1.docker.io', true],
    ['registry-1.docker.io', '10.0.0.1', 'registry-1.docker.io', false],
    ['ghcr.io', '100.64.0.1', 'ghcr.io', false],
    ['ghcr.io', '127.0.0.1', 'ghcr.io', false],
    ['ghcr.io:8443', internet, 'ghcr.io:8443', false],
    ['quay.io', '10.0.0.1', 'quay.io', true], // the operator names it
    ['gcr.io', internet, 'gcr.io', false],
    ['reg.acme.io:5443', '10.0.0.9', 'reg.acme.io:5443', true],
    ['reg.acme.io', '10.0.0.9', 'reg.acme.io', false],
    ['reg.acme.io:22', '10.0.0.9', 'reg.acme.io:5443', false],
    ['10.43.0.1:5000', '10.43.0.1', '10.43.0.1:5000', true],
    ['registry.infra.svc:5000', '10.43.0.2', 'registry.infra.svc:5000', false],
    ['broken.infra.svc:5000', '10.43.0.1', 'broken.infra.svc:5000', false],
  ])('%s at %s for %s: %s', async (host, address, registry, allowed) => {
    expect((await service.refuses(host, address, registry)) === undefined).toBe(allowed)
  })

  test.each<Case>([
    ['auth.docker.io', internet, 'registry-1.docker.io', true],
    ['auth.docker.io', '10.0.0.1', 'registry-1.docker.io', false],
    ['auth.docker.io:8443', internet, 'registry-1.docker.io', false],
    ['production.cloudflare.docker.com', internet, 'registry-1.docker.io', true],
    ['cdn03.quay.io', internet, 'quay.io', true],
    ['cdn03.quay.io', internet, 'ghcr.io', false],
    ['cdn.quay.io.evil.example', internet, 'quay.io', false],
    ['mirror.acme.io', '10.0.0.3', '10.43.0.1:5000', true], // the operator names it
    ['10.43.0.1', '10.43.0.1', '10.43.0.1:5000', false], // another Service's port
    ['jenkins.ci.svc:8080', '10.43.0.1', '10.43.0.1:5000', false],
    ['evil.example', internet, 'reg.acme.io:5443', false],
    ['sso.acme.io', '10.0.0.8', 'reg.acme.io:5443', true], // its token server, by the operator's word
    ['auth.acme.io:8443', '10.0.0.8', 'reg.acme.io:5443', true],
    ['sso.acme.io:22', '10.0.0.8', 'reg.acme.io:5443', false],
    ['sso.acme.io', '10.0.0.8', '10.43.0.1:5000', false], // another registry's
    ['sso.acme.io', '10.0.0.8', 'sso.acme.io', false], // no registry
  ])('%s at %s, where %s leads: %s', async (host, address, registry, allowed) => {
    expect((await service.refuses(host, address, registry)) === undefined).toBe(allowed)
  })
})

const person = personPolicy([{ host: 'docker.io.acme.io', plainHttp: true }])

describe('for a person at a terminal', () => {
  test.each<Case>([
    ['reg.acme.io', '10.0.0.9', 'reg.acme.io', true],
    ['localhost:5000', '127.0.0.1', 'localhost:5000', true],
    ['ghcr.io', '10.0.0.9', 'ghcr.io', false],
    ['docker.io.acme.io', '10.0.0.9', 'other.example', true], // the configuration names it
    ['cdn.example', internet, 'reg.acme.io', true],
    ['cdn.example', '10.0.0.9', 'reg.acme.io', false],
    ['10.0.0.9:8080', '10.0.0.9', '10.0.0.9:5000', false],
  ])('%s at %s for %s: %s', async (host, address, registry, allowed) => {
    expect((await person.refuses(host, address, registry)) === undefined).toBe(allowed)
  })

  test('only the configuration declares plain HTTP', () => {
    expect(person.plainHttp('docker.io.acme.io')).toBe(true)
    expect(person.plainHttp('other.example')).toBe(false)
  })
})
