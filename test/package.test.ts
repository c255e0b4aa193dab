import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import manifest from '../package.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '..')
const answer = z.array(z.object({ files: z.array(z.object({ path: z.string() })) })).length(1)

async function packed(): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
  })
  const [of] = answer.parse(JSON.parse(stdout))
  return of?.files.map(({ path }) => path) ?? []
}

/** Files of deploy/ that a sentence of the program names. */
function named(): readonly string[] {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((it) =>
    it.endsWith('.ts'),
  )
  const texts = sources.map((name) => readFileSync(join(root, 'src', name), 'utf8'))
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\bdeploy\/[\w-]+\.yaml/g)].map(([path]) => path)))]
}

test('the package has what it starts with, what it tells to apply, and what it tells to read', async () => {
  const files = await packed()
  expect(files).toEqual(
    expect.arrayContaining([...Object.values(manifest.bin), 'README.md', '.env.example', ...named()]),
  )
  expect(named()).toContain('deploy/rbac-readonly.yaml')
  expect(files.filter((path) => /^(?:test|\.ci)\/|\.ts$/.test(path))).toEqual([])
})

test('every package of the lock file has the hash of what is installed', () => {
  const { packages } = z
    .object({
      packages: z.record(z.string(), z.object({ integrity: z.string().optional(), link: z.boolean().optional() })),
    })
    .parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  const others = Object.entries(packages).filter(([path]) => path !== '')
  expect(others.length).toBeGreaterThan(100)
  expect(others.filter(([, it]) => it.link || !/^sha512-[\w+/]{86}==$/.test(it.integrity ?? ''))).toEqual([])
})

/** What Git tracks, each with its mode. */
async function tracked(): Promise<readonly { readonly mode: string; readonly path: string }[]> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-s', '-z'], { cwd: root })
  return stdout.split('\0').flatMap((line) => {
    const [, mode, path] = /^(\d{6}) [0-9a-f]+ \d\t(.+)$/.exec(line) ?? []
    return mode && path ? [{ mode, path }] : []
  })
}

// Recorded messages and logs name folders of the machines that they come from.
const machinePath = /(?:\/(?:home|Users)\/(?!node\b)[a-z][\w.-]*\/|\/(?:work|tmp\/wt)\/[a-z]|\bC:\\Users\\)/

test('Git has files alone: no link, no module, no build output, no path of a machine', async () => {
  const files = await tracked()
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter(({ mode }) => mode !== '100644' && mode !== '100755')).toEqual([])
  const output = /(?:^|\/)(?:node_modules|dist|coverage|\.env|\.DS_Store)(?:\/|$)|\.(?:log|tsbuildinfo|tgz)$/
  expect(files.map(({ path }) => path).filter((path) => output.test(path))).toEqual([])
  const own = files.filter(({ path }) => !path.startsWith('test/fixtures/') && path !== 'test/package.test.ts')
  expect(own.filter(({ path }) => machinePath.test(readFileSync(join(root, path), 'utf8')))).toEqual([])
})
