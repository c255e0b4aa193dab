import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'

const launcher = resolve(import.meta.dirname, '../../src/cli/imagepull.mjs')

test.each([
  ['counts', 'LOG_LEVEL=loud\n', {}, /LOG_LEVEL must be one of/],
  ['gives way to what is set already', 'LOG_LEVEL=loud\n', { LOG_LEVEL: 'info' }, /SLACK_BOT_TOKEN is missing/],
  ['may be away', undefined, {}, /SLACK_BOT_TOKEN is missing/],
])('a .env in the directory %s', (_how, settings, environment, says) => {
  using folder = temporaryFolder()
  if (settings) writeFileSync(join(folder.path, '.env'), settings)
  const env = { PATH: process.env.PATH, HOME: folder.path, ...environment }
  const { stdout, stderr, status } = spawnSync(process.execPath, [launcher, 'doctor'], { cwd: folder.path, env })
  expect(String(stdout)).toMatch(says)
  expect(String(stdout).includes('LOG_LEVEL')).toBe(says.source.startsWith('LOG_LEVEL'))
  expect(String(stderr)).toBe('')
  expect(status).toBe(2)
})

test("kubectl's completion starts the same program", () => {
  const complete = resolve(import.meta.dirname, '../../src/cli/kubectl-complete.mjs')
  const { stdout, stderr } = spawnSync(process.execPath, [complete, 'dia'], { env: { PATH: process.env.PATH } })
  expect([String(stdout).split('\t')[0], String(stderr)]).toEqual(['diagnose', ''])
})
