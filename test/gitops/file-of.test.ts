import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileOf } from '../../src/gitops/files.ts'
import { plain } from '../../src/text.ts'
import { checkout } from './checkout.ts'

const web = { kind: 'Deployment', namespace: 'shop', name: 'web' }
const workload = ['apps/{namespace}/{name}-deployment.yaml']
const path = 'apps/shop/web-deployment.yaml'

function manifest(kind: string, name: string, namespace?: string): string {
  return `kind: ${kind}\nmetadata:\n  name: ${name}\n${namespace ? `  namespace: ${namespace}\n` : ''}`
}
const deployment = manifest('Deployment', 'web', 'shop')

async function find(directory: string | undefined, templates: readonly string[] = workload, object = web) {
  const file = await fileOf(object, templates, directory)
  return file.status === 'missing' ? { ...file, problems: file.problems.map(plain) } : file
}

test('without a checkout, where it is to be expected', async () => {
  expect(await find(undefined, ['apps/{namespace}/{name}.yaml', 'apps/{namespace}/*-build*.yaml'])).toEqual({
    status: 'expected',
    paths: ['apps/shop/web.yaml', 'apps/shop/*-build*.yaml'],
  })
})

describe('in a checkout', () => {
  test('the only document of its file', async () => {
    using git = checkout({ [path]: deployment })
    expect(await find(git.directory)).toEqual({
      status: 'found',
      path,
      line: 1,
      shown: { text: deployment, hidden: [] },
    })
  })

  test('one of several documents, up to the separator after it', async () => {
    using git = checkout({
      [path]: `${manifest('Service', 'web', 'shop')}---\n${deployment}---\n${manifest('Deployment', 'api', 'shop')}`,
    })
    expect(await find(git.directory)).toEqual({
      status: 'found',
      path,
      line: 5,
      shown: { text: `---\n${deployment}---\n`, hidden: [] },
    })
  })

  test('a document without a namespace gets it from elsewhere', async () => {
    using git = checkout({ [path]: manifest('Deployment', 'web') })
    expect(await find(git.directory)).toMatchObject({ status: 'found', path })
  })

  test.each([
    ['another kind', manifest('StatefulSet', 'web', 'shop')],
    ['another name', manifest('Deployment', 'web-api', 'shop')],
    ['another namespace', manifest('Deployment', 'web', 'shop-test')],
    [
      'its name in a text of another',
      'kind: ConfigMap\ndata:\n  a: |\n    kind: Deployment\n    metadata: { name: web }\n',
    ],
    ['an alias for a name', 'a: &web web\nkind: Deployment\nmetadata: { name: *web }\n'],
    ['a list', '- web\n'],
    ['a word', 'web'],
    ['nothing', ''],
  ])('not %s', async (_name, content) => {
    using git = checkout({ [path]: content })
    expect(await find(git.directory)).toEqual({ status: 'missing', paths: [path], problems: [] })
  })

  test('globs, each within its own step', async () => {
    const job = manifest('Job', 'web-build', 'shop')
    using git = checkout({
      'apps/shop/web-build.yaml': manifest('Job', 'other', 'shop'),
      'apps/shop/web-build-2.yaml': job,
      'apps/shop/deep/web-build-3.yaml': job,
      'apps/other/web-build-4.yaml': job,
      'apps/shop/web-build.yml': job,
    })
    const templates = ['apps/{namespace}/*-build*.yaml', 'apps/{namespace}/*-kaniko*.yaml']
    expect(await find(git.directory, templates, { kind: 'Job', namespace: 'shop', name: 'web-build' })).toMatchObject({
      status: 'found',
      path: 'apps/shop/web-build-2.yaml',
    })
  })

  test('a file that two templates name is one file', async () => {
    using git = checkout({ [path]: deployment })
    expect(await find(git.directory, [...workload, 'apps/*/web*.yaml'])).toMatchObject({ status: 'found', path })
  })

  test('a base and its overlay: which one decides cannot be told', async () => {
    using git = checkout({ 'base/web.yaml': deployment, 'prod/web.yaml': deployment })
    expect(await find(git.directory, ['*/web.yaml'])).toEqual({
      status: 'several',
      paths: ['base/web.yaml', 'prod/web.yaml'],
    })
  })

  test('a Secret is found, and nothing of it is taken', async () => {
    using git = checkout({
      'secrets/regcred.yaml': `${manifest('Secret', 'regcred', 'shop')}data: { a: aHVudGVyMg== }\n`,
    })
    expect(
      await find(git.directory, ['secrets/{name}.yaml'], { kind: 'Secret', namespace: 'shop', name: 'regcred' }),
    ).toEqual({
      status: 'found',
      path: 'secrets/regcred.yaml',
      line: 1,
    })
  })

  test('a name that is none of Kubernetes has no file', async () => {
    using git = checkout({ [path]: deployment })
    expect(await find(git.directory, workload, { ...web, name: '../../etc/passwd' })).toEqual({
      status: 'missing',
      paths: [],
      problems: [],
    })
  })
})

describe('what could not be looked at is said', () => {
  test('a checkout that is missing', async () => {
    const missing = join(import.meta.dirname, 'no-such-checkout')
    expect(await find(missing)).toMatchObject({ problems: [`${missing} does not exist`] })
  })

  test('a template of Helm', async () => {
    using git = checkout({ [path]: `${deployment}  labels: \n    {{- include "web.labels" . }}\n` })
    expect(await find(git.directory)).toMatchObject({ problems: [`${path} is not plain YAML, or too large`] })
  })

  test('deeper than the parser goes', async () => {
    using git = checkout({ [path]: `web: ${'['.repeat(100_000)}` })
    expect(await find(git.directory)).toMatchObject({ problems: [`${path} is not plain YAML, or too large`] })
  })

  test('more than a hundred documents with the name', async () => {
    using git = checkout({ [path]: `${manifest('Service', 'web')}---\n`.repeat(101) + deployment })
    expect(await find(git.directory)).toMatchObject({ problems: [`${path} is not plain YAML, or too large`] })
  })

  test.each([
    ['is larger than 1 MiB', 'x'.repeat(1_048_577)],
    ['cannot be read (ERR_ENCODING_INVALID_ENCODED_DATA)', Uint8Array.of(0xff, 0xfe)],
  ])('a file that %s', async (says, content) => {
    using git = checkout({ [path]: content })
    expect(await find(git.directory)).toMatchObject({ problems: [`${path} ${says}`] })
  })

  test('a folder in place of the file', async () => {
    using git = checkout({ [`${path}/README`]: '' })
    expect(await find(git.directory)).toMatchObject({ problems: [`${path} is not a regular file`] })
  })

  test('a pipe, which nobody writes to', async () => {
    using git = checkout({ 'apps/shop/README': '' })
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(git.directory, path)])
    expect(await find(git.directory)).toMatchObject({ problems: [`${path} is not a regular file`] })
  })

  test('more files than are read', async () => {
    const names = Array.from({ length: 51 }, (_, index) => [`apps/shop/${index + 10}-build.yaml`, ''])
    using git = checkout(Object.fromEntries(names))
    expect(await find(git.directory, ['apps/{namespace}/*-build.yaml'])).toMatchObject({
      problems: ['apps/shop/*-build.yaml matches 51 files; 50 of them were read'],
    })
  })
})

describe('links', () => {
  test('within the checkout, and to the checkout itself, are followed', async () => {
    using git = checkout(
      { 'real/web.yaml': deployment, '../worktree': '' },
      { 'apps/shop': '../real', '../current': 'checkout' },
    )
    expect(await find(join(git.folder, 'current'), ['apps/{namespace}/{name}.yaml'])).toMatchObject({ status: 'found' })
  })

  test('out of it are not, by themselves or on the way', async () => {
    using git = checkout(
      { '../outside/web-deployment.yaml': deployment },
      { [path]: '../../../outside/web-deployment.yaml', teams: '../outside' },
    )
    expect(await find(git.directory, [...workload, 'teams/{name}-deployment.yaml', 'teams/*.yaml'])).toEqual({
      status: 'missing',
      paths: [path, 'teams/web-deployment.yaml', 'teams/*.yaml'],
      problems: [
        `${path} is a link that leaves the checkout`,
        'teams/web-deployment.yaml is a link that leaves the checkout',
        'teams is a link that leaves the checkout',
      ],
    })
  })

  test('in a circle', async () => {
    using git = checkout({}, { [path]: 'web-deployment.yaml' })
    expect(await find(git.directory)).toMatchObject({ problems: [`${path} cannot be read (ELOOP)`] })
  })
})

test('an expired time ends it', async () => {
  using git = checkout({ [path]: deployment })
  await expect(fileOf(web, workload, git.directory, AbortSignal.abort())).rejects.toThrow('aborted')
})
