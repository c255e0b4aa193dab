import { describe, expect, test } from 'vitest'
import { hidesByRefusal, isSameOwner } from '../../src/registry/hosts.ts'

describe('whose a host is', () => {
  test.each([
    ['registry.acme.io', 'registry.acme.io:8443', true],
    ['https://hub.docker.com', 'docker.io', true],
    ['https://index.docker.io/v1/', 'docker.io', true],
    ['ghcr.acme.io', 'harbor.acme.io', true],
    ['10.1.2.3', '10.1.2.3:5000', true],
    ['[fd00::1]:5000', '[fd00::1]:5001', true],
    ['10.1.2.3:5000', '10.9.2.3:5000', false],
    ['ghcr.io', 'docker.io', false],
    ['registry', 'other', false],
    ['quay.io', 'registry.acme.io', false],
    ['no host at all', 'registry.acme.io', false],
  ])('%s and %s: %s', (key, host, expected) => {
    expect(isSameOwner(key, host)).toBe(expected)
  })
})

test.each([
  ['ghcr.io', true],
  ['registry.k8s.io', true],
  ['acme.azurecr.io', true],
  ['harbor.acme.io', false],
])('%s refuses what it hides: %s', (host, expected) => {
  expect(hidesByRefusal(host)).toBe(expected)
})
