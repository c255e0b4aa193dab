import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseChallenges } from '../../../src/registry/auth/challenge.ts'

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

/** A token of HTTP, as schemes and the names of parameters are: https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const token = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/).filter((it) => it !== '__proto__')
const parameters = fc.dictionary(token, fc.string({ maxLength: 40 }), { minKeys: 1, maxKeys: 4 })
const challenges = fc.array(fc.record({ scheme: token, parameters }), { maxLength: 4 })
const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`

test('any challenges are read as they were written', () => {
  fc.assert(
    fc.property(challenges, (all) => {
      const written = all.map(({ scheme, parameters }) => {
        const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${quoted(value)}`)
        return `${scheme.toUpperCase()} ${pairs.join(', ')}`
      })
      const read = parseChallenges(written.join(', '))
      expect(read.map((it) => ({ ...it, parameters: { ...it.parameters } }))).toEqual(
        all.map((it) => ({ ...it, parameters: { ...it.parameters } })),
      )
    }),
  )
})

test('any header at all gives schemes and parameters that are tokens', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2_000 }), (header) => {
      const names = parseChallenges(header).flatMap((it) => [it.scheme, ...Object.keys(it.parameters)])
      for (const name of names) expect(name).toMatch(/^[!#$%&'*+.^_`|~a-z0-9-]+$/)
    }),
  )
})
