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
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json'], { cwd: root })
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
  expect(files).toEqual(expect.arrayContaining([manifest.bin.imagepull, 'README.md', '.env.example', ...named()]))
  expect(named()).toContain('deploy/rbac-readonly.yaml')
  expect(files.filter((path) => /^(?:test|\.ci)\/|\.ts$/.test(path))).toEqual([])
})
