import { describe, expect, test } from 'vitest'
import { runCommandWith } from '../support/run-command.ts'

const job = {
  ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'app-build' } },
  spec: {
    template: { spec: { containers: [{ name: 'build', image: 'kaniko', args: ['--destination=r.test/app:1'] }] } },
  },
}
const build = {
  object: 'Job/app-build',
  container: 'build',
  tool: 'kaniko',
  destinations: ['r.test/app:1'],
  open: false,
}

function linesOf(output: string): readonly unknown[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('imagepull read manifest', () => {
  test.each([
    ['JSON', JSON.stringify(job)],
    ['a List', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [job] })],
    ['several documents of YAML', `kind: Service\n---\n${JSON.stringify(job)}`],
  ])('reads %s', async (_name, input) => {
    const { code, output } = await runCommandWith(input, 'read', 'manifest')
    expect([code, linesOf(output)]).toEqual([0, [{ builds: [build] }]])
  })

  test('answers each line, and what is no manifest with an error', async () => {
    const input = [job, 'a: [', 'kind: Job', 7].map((it) => JSON.stringify(it)).join('\n')
    const { code, output } = await runCommandWith(input, 'read', 'manifest', '--jsonl')
    const error = { error: expect.any(String) }
    expect([code, linesOf(output)]).toEqual([2, [{ builds: [build] }, error, { builds: [] }, error]])
  })
})

describe('imagepull read build-log', () => {
  const line = 'error pushing image: failed to push to destination r.test/app:1: UNAUTHORIZED: authentication required'

  test('reads texts, and objects with the reason of the container', async () => {
    const input = [line, { log: 'INFO[0001] RUN make', reason: 'OOMKilled' }, 'all is well', { reason: 'Error' }]
    const { code, output } = await runCommandWith(
      input.map((it) => JSON.stringify(it)).join('\n'),
      'read',
      'build-log',
      '--jsonl',
    )
    expect([code, linesOf(output)]).toEqual([
      2,
      [
        { class: 'push-unauthorized', line, rerunHelps: false },
        { class: 'memory', rerunHelps: false },
        { class: 'unknown', rerunHelps: false },
        { error: expect.any(String) },
      ],
    ])
  })

  test('explains what it means', async () => {
    const { output } = await runCommandWith(line, 'read', 'build-log', '--explain')
    expect(linesOf(output)).toEqual([
      expect.objectContaining({ explain: { title: expect.any(String), means: expect.any(String) } }),
    ])
  })
})
