import { expect, test } from 'vitest'
import { auditRecords } from '../../src/remediation/execution/audit.ts'
import { openStore } from '../../src/store/open.ts'
import { redisAt } from '../support/redis-at.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'
import { testStore } from '../support/test-store.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const target = { kind: 'Job', namespace: 'shop', name: 'build', uid: 'u' }
const plan = { action: 'rerun-build' as const, cluster: 'prod', namespace: 'shop', target, hash: 'h', details: {} }
const about = { id: 'o1', incident: '7Q4KM', plan }

test('an export is complete, however much happened on a day, and says what it lacks', async () => {
  const store = testStore()
  const audit = auditRecords(store)
  const at = '2026-11-24T10:00:00Z'
  for (let count = 0; count < 1_010; count++) await audit.append(about, { key: `${count}`, at, what: 'refusal' })
  await audit.append(about, { key: 'last', at: '2026-11-24T10:00:01Z', what: 'effect' })
  await store.write('audit', 'of tomorrow', { version: 2 }, { revision: 0, list: '2026-11-24' })
  const seen = await audit.between(new Date('2026-11-24T00:00:00Z'), new Date('2026-11-25T00:00:00Z'))
  expect(seen.entries).toHaveLength(1_011)
  expect(seen.entries.at(-1)).toMatchObject({ what: 'effect' })
  expect(seen.unreadable).toEqual(['of tomorrow'])
})

test.skipIf(whyNoRedis)(
  'an entry that is there stays as it is, whatever is told later; and each is found by its time',
  async () => {
    await using server = await redisServer()
    const { store, close } = await openStore({
      redis: redisAt(server.url),
      dataDirectory: '',
      keep: 1,
      onError: () => undefined,
    })
    await using _ = { [Symbol.asyncDispose]: close }
    const audit = auditRecords(store)
    const tell = (key: string, at: string, result: string) => audit.append(about, { key, at, what: 'outcome', result })
    await tell('a', '2026-11-23T23:59:59Z', 'done')
    await tell('a', '2026-11-24T10:00:00Z', 'failed')
    await tell('b', '2026-11-24T00:00:00Z', 'done')
    await tell('c', '2026-11-25T00:00:00Z', 'done')
    const between = async (since: string, until: string) =>
      (await audit.between(new Date(since), new Date(until))).entries.map(({ at, result }) => `${at} ${result}`)
    expect(await between('2026-11-23T00:00:00Z', '2026-11-26T00:00:00Z')).toEqual([
      '2026-11-23T23:59:59Z done',
      '2026-11-24T00:00:00Z done',
      '2026-11-25T00:00:00Z done',
    ])
    expect(await between('2026-11-23T23:59:59.500Z', '2026-11-24T23:59:59Z')).toEqual(['2026-11-24T00:00:00Z done'])
  },
)
