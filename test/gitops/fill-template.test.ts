import { join, sep } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillTemplate } from '../../src/gitops/files.ts'

test.each([
  ['apps/{namespace}/{name}-deployment.yaml', 'apps/shop/web-deployment.yaml'],
  ['apps/{namespace}/*-build*.yaml', 'apps/shop/*-build*.yaml'],
  ['{namespace}-{namespace}.yaml', 'shop-shop.yaml'],
  ['all.yaml', 'all.yaml'],
  ['/apps/{name}.yaml', undefined],
  ['../{name}.yaml', undefined],
  ['apps//{name}.yaml', undefined],
  ['apps/{pod}.yaml', undefined],
  ['', undefined],
])('%s', (template, path) => {
  expect(fillTemplate(template, { namespace: 'shop', name: 'web' })).toBe(path)
})

test.each([
  '',
  '..',
  '.',
  '../web',
  'web/../..',
  '/etc/passwd',
  'web\0',
  'web\n',
  'Web',
  '{name}',
  '*',
  'a..b',
  '-web',
])('no name of Kubernetes: %j', (name) => {
  expect(fillTemplate('apps/{namespace}/{name}.yaml', { namespace: 'shop', name })).toBeUndefined()
  expect(fillTemplate('apps/{namespace}/{name}.yaml', { namespace: name, name: 'web' })).toBeUndefined()
})

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('.', '..', '/', '\\', 'a', '{name}', '{namespace}', '*', '\0', '%2e'), { maxLength: 8 })
    .map((it) => it.join('')),
)

test('whatever the template and the names are, the path stays below the directory', () => {
  fc.assert(
    fc.property(anything, anything, anything, (template, namespace, name) => {
      const path = fillTemplate(template, { namespace, name })
      if (path !== undefined) expect(join('/gitops', path).startsWith(`/gitops${sep}`)).toBe(true)
    }),
  )
})
