import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommand, runCommandWith } from '../support/run-command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const missing = 'Failed to pull image "a.example/app:1": a.example/app:1: not found'

function linesOf(output: string): readonly unknown[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('imagepull read message', () => {
  test('reads a text from standard input or a file', async () => {
    const answer = { kind: 'image-not-found', cause: 'tag-missing', host: 'a.example', image: 'a.example/app:1' }
    const piped = await runCommandWith(`${missing}\n`, 'read', 'message')
    expect([piped.code, linesOf(piped.output)]).toEqual([0, [answer]])
    using folder = temporaryFolder()
    const file = join(folder.path, 'message')
    writeFileSync(file, JSON.stringify({ message: missing, waitingReason: 'ErrImagePull' }))
    expect(linesOf((await runCommand('read', 'message', file)).output)).toEqual([answer])
  })

  test('answers each line in its place, also bad ones, and then exits with 2', async () => {
    const input = [
      JSON.stringify(missing),
      'no JSON',
      JSON.stringify({ message: 1 }),
      JSON.stringify({ message: 'Failed to pull image "a": pull QPS exceeded', waitingReason: null }),
      'null',
    ]
    const { code, output } = await runCommandWith(input.join('\r\n'), 'read', 'message', '--jsonl')
    expect(code).toBe(2)
    expect(linesOf(output)).toEqual([
      expect.objectContaining({ kind: 'image-not-found' }),
      { error: expect.stringContaining('JSON') },
      { error: expect.any(String) },
      expect.objectContaining({ kind: 'kubelet-throttled' }),
      { error: expect.any(String) },
    ])
  })

  test('says unknown where no kind fits', async () => {
    const said = JSON.stringify({ message: 'Failed to pull image "a": zzz', waitingReason: 'ErrImagePull' })
    const { code, output } = await runCommandWith(said, 'read', 'message', '--jsonl')
    expect([code, linesOf(output)]).toEqual([0, [{ kind: 'unknown', host: 'docker.io', image: 'a' }]])
    expect(linesOf((await runCommandWith('', 'read', 'message')).output)).toEqual([{ kind: 'unknown' }])
  })

  test('--explain adds what matched', async () => {
    const { output } = await runCommandWith(missing, 'read', 'message', '--explain')
    expect(linesOf(output)).toEqual([
      expect.objectContaining({
        kind: 'image-not-found',
        explain: expect.objectContaining({ text: 'a.example/app:1: not found', clauses: expect.any(Array) }),
      }),
    ])
  })

  test('a file that cannot be read is a matter of usage', async () => {
    const { code, errors } = await runCommand('read', 'message', '/nowhere/at/all')
    expect([code, errors]).toEqual([2, expect.stringContaining('/nowhere/at/all cannot be read')])
    using folder = temporaryFolder()
    expect((await runCommand('read', 'message', folder.path)).code).toBe(2)
  })

  test('classify is its old name', async () => {
    const { output } = await runCommandWith(JSON.stringify({ message: missing }), 'classify', '--jsonl')
    expect(linesOf(output)).toEqual([expect.objectContaining({ cause: 'tag-missing' })])
  })
})

test('imagepull read without a known kind of input says what there is', async () => {
  expect((await runCommand('read', 'poem')).code).toBe(2)
  expect((await runCommand('read')).code).toBe(2)
})
