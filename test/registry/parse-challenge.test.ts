import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseChallenges } from '../../src/registry/challenge.ts'

// Headers as real registries send them; see facts of each in its comment.
test.each([
  ['Basic realm="Registry Realm"', [{ scheme: 'basic', parameters: { realm: 'Registry Realm' } }]],
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"', // Docker Hub
    [
      {
        scheme: 'bearer',
        parameters: {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:library/nginx:pull',
        },
      },
    ],
  ],
  [
    'Bearer realm="https://codeberg.org/v2/token",service="container_registry",scope="*",Basic realm="https://codeberg.org/v2",service="container_registry"', // both in one header
    [
      {
        scheme: 'bearer',
        parameters: { realm: 'https://codeberg.org/v2/token', service: 'container_registry', scope: '*' },
      },
      { scheme: 'basic', parameters: { realm: 'https://codeberg.org/v2', service: 'container_registry' } },
    ],
  ],
  ['BASIC realm = "a, b \\"c\\""', [{ scheme: 'basic', parameters: { realm: 'a, b "c"' } }]],
  [
    'Bearer realm=https://a/token,error=insufficient_scope',
    [{ scheme: 'bearer', parameters: { realm: 'https://a/token', error: 'insufficient_scope' } }],
  ],
  ['Negotiate', [{ scheme: 'negotiate', parameters: {} }]],
  ['', []],
  ['"', []],
])('%s', (header, challenges) => {
  expect(parseChallenges(header).map((it) => ({ ...it, parameters: { ...it.parameters } }))).toEqual(challenges)
})

test('a parameter called __proto__ is a parameter', () => {
  const [challenge] = parseChallenges('Basic __proto__="x"')
  expect(Object.keys(challenge?.parameters ?? {})).toEqual(['__proto__'])
})

test('any header at all', () => {
  fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (header) => Array.isArray(parseChallenges(header))))
})
