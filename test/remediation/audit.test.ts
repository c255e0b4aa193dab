import { expect, test } from 'vitest'
import { auditRecords } from '../../src/remediation/audit.ts'
import { openStore } from '../../src/store/open-store.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const target = { kind: 'Job', namespace: 'shop', name: 'build', uid: 'u' }
const plan = { action: 'rerun-build' as const, cluster: 'prod', namespace: 'shop', target, hash: 'h', details: {} }
const about = { id: 'o1', incident: '7Q4KM', plan }

test.skipIf(whyNoRedis)(
  'an entry that is there stays as it is, whatever is told later; and each is found by its time',
  async () => {
    await using server = await redisServer()
    const { store, close } = await openStore({
      redisUrl: server.url,
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
      (await audit.between(new Date(since), new Date(until))).map(({ at, result }) => `${at} ${result}`)
    expect(await between('2026-11-23T00:00:00Z', '2026-11-26T00:00:00Z')).toEqual([
      '2026-11-23T23:59:59Z done',
      '2026-11-24T00:00:00Z done',
      '2026-11-25T00:00:00Z done',
    ])
    expect(await between('2026-11-23T23:59:59.500Z', '2026-11-24T23:59:59Z')).toEqual(['2026-11-24T00:00:00Z done'])
  },
)
