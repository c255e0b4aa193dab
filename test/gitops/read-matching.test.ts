import { type PathLike, realpathSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { sep } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileOf, readMatching } from '../../src/gitops/files.ts'
import { checkout } from './checkout.ts'

/** Where every link on the way really leads, of all that was opened or listed. */
const visited: string[] = []

const real = { open: fs.open, readdir: fs.readdir }

beforeAll(() => {
  const noting =
    <Arguments extends readonly unknown[], Result>(call: (path: PathLike, ...rest: Arguments) => Result) =>
    (path: PathLike, ...rest: Arguments): Result => {
      visited.push(realpathSync(path))
      return call(path, ...rest)
    }
  Object.assign(fs, { open: noting(real.open), readdir: noting(real.readdir) })
  syncBuiltinESMExports() // so that what was imported by name is noted, too
})

afterAll(() => {
  Object.assign(fs, real)
  syncBuiltinESMExports()
})

const secret = 'kind: Deployment\nmetadata: { name: web }\nreplicas: hunter2\n'
const step = fc.constantFrom(
  '..',
  '.',
  '',
  '*',
  '*.yaml',
  'apps',
  'shop',
  'web.yaml',
  'up',
  'out',
  'loop',
  'down',
  'outside',
)
const pattern = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(step, { maxLength: 6 }).map((steps) => steps.join('/')),
)
const name = fc.oneof(step, pattern, fc.constantFrom('web', 'shop', 'apps'))
const template = fc.oneof(
  pattern,
  fc.constantFrom('apps/{namespace}/{name}.yaml', '{namespace}/{name}/*.yaml', '*/{namespace}/*'),
)

test('whatever the templates and the names are, nothing outside of the directory is read', async () => {
  using git = checkout(
    {
      'apps/shop/web.yaml': 'kind: Deployment\nmetadata: { name: web }\n',
      '../outside/web.yaml': secret,
      '../web.yaml': secret,
    },
    {
      up: '..',
      out: '../outside',
      loop: 'loop',
      down: 'apps',
      'apps/shop/out': '../../../outside',
      'apps/out.yaml': '../../web.yaml',
    },
  )
  await fc.assert(
    fc.asyncProperty(template, name, name, async (path, namespace, name) => {
      visited.length = 0
      const file = await fileOf({ kind: 'Deployment', namespace, name }, [path], git.directory)
      expect(JSON.stringify(file)).not.toContain('hunter2')
      expect(visited.filter((it) => it !== git.directory && !it.startsWith(git.directory + sep))).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('a pattern is held below the directory by the reader itself, also one that no template gave', async () => {
  using git = checkout({ 'apps/web.yaml': 'a', '../outside/web.yaml': secret }, { out: '../outside' })
  visited.length = 0
  await fc.assert(
    fc.asyncProperty(pattern, async (path) => {
      const { files } = await readMatching(git.directory, path)
      expect(files.map(({ content }) => content)).not.toContain(secret)
      expect(visited.filter((it) => it !== git.directory && !it.startsWith(git.directory + sep))).toEqual([])
    }),
    { numRuns: 500 },
  )
  expect(visited.length).toBeGreaterThan(0)
})

test.each([
  ['*', ['a.yaml', 'ab.yaml', 'b-a.yaml']],
  ['a*', ['a.yaml', 'ab.yaml']],
  ['*a.yaml', ['a.yaml', 'b-a.yaml']],
  ['*a*a*', ['a.yaml', 'ab.yaml', 'b-a.yaml']],
  ['a*b*.yaml', ['ab.yaml']],
  ['ab.yaml*ab.yaml', []],
  ['*.y*ml', ['a.yaml', 'ab.yaml', 'b-a.yaml']],
  ['*-*-*', []],
])('a star stands for anything within a step: %s', async (path, fitting) => {
  using git = checkout({ 'a.yaml': '', 'ab.yaml': '', 'b-a.yaml': '', 'it is "odd"\n.yaml': '' })
  const { files, problems } = await readMatching(git.directory, path)
  expect(problems).toEqual([])
  expect(files.map((it) => it.path)).toEqual(fitting)
})
