import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { withLease } from '../../src/store/lease.ts'
import type { Lease } from '../../src/store/store.ts'

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }),
)
afterEach(() => void vi.useRealTimers())

/** Milliseconds after which work that never ends of its own accord is told that its lease is lost; undefined: within a minute not. */
async function lostAfter(renew: Lease['renew']): Promise<number | undefined> {
  const begun = performance.now()
  const store = { lease: async () => ({ token: 1, renew, release: async () => undefined }) }
  const work = withLease(store, 'a name', async (lost) => {
    await Promise.race([
      new Promise((resolve) => lost.addEventListener('abort', resolve)),
      vi.advanceTimersByTimeAsync(60_000),
    ])
    return lost.aborted ? performance.now() - begun : undefined
  })
  const done = await work
  return done.busy ? undefined : done.value
}

describe('work alone', () => {
  test('goes on while its lease is renewed', async () => {
    expect(await lostAfter(async () => true)).toBeUndefined()
  })

  test('ends at once where another has its lease', async () => {
    expect(await lostAfter(async () => false)).toBe(2_000)
  })

  test('ends with the lease where the store does not answer any more', async () => {
    expect(await lostAfter(() => Promise.reject(new Error('away')))).toBe(6_000)
    expect(await lostAfter(() => new Promise(() => undefined))).toBe(6_000)
  })

  test('goes on where one answer is late', async () => {
    let count = 0
    expect(
      await lostAfter(() => (++count % 2 === 1 ? Promise.reject(new Error('late')) : Promise.resolve(true))),
    ).toBeUndefined()
  })
})
