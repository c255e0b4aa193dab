import { afterEach, expect, test, vi } from 'vitest'
import { evidenceRecords } from '../../src/remediation/execution/audit.ts'
import { openStore } from '../../src/store/open.ts'
import { preparedDirectory } from '../support/prepared-directory.ts'
import { runCommand } from '../support/run-command.ts'

afterEach(() => void vi.unstubAllEnvs())

test('audit --evidence prints what was kept for one incident, and nothing of another', async () => {
  using folder = await preparedDirectory()
  const { store, close } = await openStore({ dataDirectory: folder.path, keep: 1, onError: () => undefined })
  const of = { at: '2026-11-24T03:16:00.000Z', approval: 'o1', namespace: 'shop', uid: 'u' } as const
  await evidenceRecords(store).keep({ ...of, incident: '7Q4KM', what: 'log', name: 'cart-build', content: 'one\ntwo' })
  await evidenceRecords(store).keep({ ...of, incident: 'OTHER', what: 'pod', name: 'web-1', content: '{}' })
  await close()
  vi.stubEnv('SLACK_BOT_TOKEN', 'xoxb-1')
  vi.stubEnv('SLACK_SIGNING_SECRET', 'a'.repeat(32))
  vi.stubEnv('REDIS_URL', '')
  vi.stubEnv('IMAGEPULL_DATA_DIR', folder.path)
  const text = await runCommand('audit', '--evidence', '7Q4KM')
  expect(text.code).toBe(0)
  expect(text.output).toBe('2026-11-24 03:16:00Z  log of build shop/cart-build\n  one\n  two\n')
  const json = await runCommand('audit', '--evidence', '7Q4KM', '-o', 'jsonl')
  expect(JSON.parse(json.output)).toEqual({
    ...of,
    incident: '7Q4KM',
    what: 'log',
    name: 'cart-build',
    content: 'one\ntwo',
  })
  expect((await runCommand('audit', '--evidence', 'NONE')).output).not.toContain('shop')
})
