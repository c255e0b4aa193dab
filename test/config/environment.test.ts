import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readEnvironment } from '../../src/config/environment.ts'

test('only what is known is taken', () => {
  const variables = { KUBECONFIG: '/a', IMAGEPULL_CONFIG: '/b', HOME: '/c' }
  expect(readEnvironment(variables)).toEqual({ KUBECONFIG: '/a', IMAGEPULL_CONFIG: '/b' })
})

test('the example names every variable', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  const named = [...example.matchAll(/^(\w+)=/gm)].map(([, name = '']) => name)
  expect(Object.keys(readEnvironment(Object.fromEntries(named.map((name) => [name, 'x'])))).toSorted()).toEqual(
    named.toSorted(),
  )
})
