import { expect, test } from 'vitest'
import { type Asker, createPace } from '../../../src/registry/manners/pace.ts'

const alice: Asker = { host: 'registry.example', login: 'alice', method: 'HEAD' }
const never = new AbortController().signal

/** A pace whose waits move its own clock. */
function paced() {
  const waits: number[] = []
  const clock = { now: Date.parse('2026-11-24T03:14:00Z') }
  const pace = createPace({
    now: () => clock.now,
    async wait(ms, signal) {
      signal.throwIfAborted()
      waits.push(ms)
      clock.now += ms
    },
  })
  return { pace, waits, clock, ask: (asker: Asker = alice) => pace.turn(asker, 'HEAD /v2/', never) }
}

test('a burst goes out at once, and then so many a second', async () => {
  const { waits, ask } = paced()
  for (let request = 0; request < 200; request++) await ask()
  expect(waits).toEqual([])
  for (let request = 0; request < 100; request++) await ask()
  expect(waits).toHaveLength(100)
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(2_000)
})

test('each host has a bucket of its own', async () => {
  const { waits, ask } = paced()
  for (let request = 0; request < 200; request++) await ask()
  await ask({ ...alice, host: 'other.example' })
  expect(waits).toEqual([])
})

test('a host that tells to wait is not asked before; a short wait is waited', async () => {
  const { pace, waits, clock, ask } = paced()
  pace.answered(alice, 429, { 'retry-after': '60' })
  await expect(ask()).rejects.toMatchObject({
    code: 'throttled',
    message: expect.stringContaining('before 03:15:00 UTC'),
  })
  clock.now += 58_000
  await ask()
  expect(waits).toEqual([2_000])
})

test('another login, and another host, are not concerned', async () => {
  const { pace, waits, ask } = paced()
  pace.answered(alice, 503, { 'retry-after': '60' })
  await ask({ ...alice, login: 'bob' })
  await ask({ ...alice, host: 'other.example' })
  expect(waits).toEqual([])
})

test('a quota of pulls, which counts GET, leaves HEAD possible; a wait for HEAD is one for GET', async () => {
  const { pace, ask } = paced()
  const pull: Asker = { ...alice, method: 'GET' }
  pace.answered(pull, 429, { 'retry-after': '21600' })
  await ask()
  await expect(ask(pull)).rejects.toMatchObject({ code: 'throttled' })
  pace.answered({ ...alice, login: 'bob' }, 429, { 'retry-after': '60' })
  await expect(ask({ ...pull, login: 'bob' })).rejects.toMatchObject({ code: 'throttled' })
})

test('other statuses tell nothing', async () => {
  const { pace, waits, ask } = paced()
  pace.answered(alice, 200, { 'retry-after': '60' })
  pace.answered(alice, 429, {})
  await ask()
  expect(waits).toEqual([])
})

test('who gives up while waiting could not look', async () => {
  const { pace } = paced()
  pace.answered(alice, 429, { 'retry-after': '2' })
  await expect(pace.turn(alice, 'HEAD /v2/', AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' })
})
