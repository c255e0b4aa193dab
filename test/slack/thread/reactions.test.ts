import { expect, test } from 'vitest'
import type { Incident } from '../../../src/incidents/incident.ts'
import { incidentRecords } from '../../../src/incidents/records.ts'
import type { Outcome } from '../../../src/slack/api.ts'
import { markPosts } from '../../../src/slack/thread/reactions.ts'
import { openEmbeddedDatabase } from '../../../src/store/embedded/database.ts'
import { embeddedStore } from '../../../src/store/embedded/store.ts'
import { freshIncident } from '../../support/incident-samples.ts'
import { preparedDirectory } from '../../support/prepared-directory.ts'

const post = { channel: 'C0INCIDENTS', ts: '1764039600.000100' }

/** An incident that a post told of, in a store whose time is moved by hand. */
async function marking() {
  const folder = await preparedDirectory()
  const database = await openEmbeddedDatabase(folder.path)
  let now = Date.parse('2026-11-25T03:00:00Z')
  const store = await embeddedStore({ pool: database.pool, keep: 60_000, now: () => now })
  const incidents = incidentRecords(store)
  const answers: Outcome<void>[] = []
  const calls: string[] = []
  async function call(done: string): Promise<Outcome<void>> {
    calls.push(done)
    return answers.shift() ?? { outcome: 'done', value: undefined }
  }
  const slack = {
    react: (_channel: string, _ts: string, name: string) => call(`+${name}`),
    unreact: (_channel: string, _ts: string, name: string) => call(`-${name}`),
  }
  const warnings: string[] = []
  const warn = (message: string): void => void warnings.push(message)
  const options = { slack, incidents, store, pace: { post: 1_000, edit: 1_200 }, now: () => new Date(now), warn }
  return {
    ...{ calls, answers, warnings },
    begin: (of: Partial<Incident> = {}) => incidents.create(freshIncident({ state: 'open', posts: [post], ...of })),
    change: (id: string, change: Partial<Incident>) => incidents.change(id, (before) => ({ ...before, ...change })),
    mark: (id: string) => markPosts(options, id),
    /** As the queue does, 5 ms late each time. How often it was asked until it was done. */
    async settle(id: string): Promise<number> {
      for (let times = 1; ; times++) {
        const next = await markPosts(options, id)
        if (next.do === 'idle' || times === 100) return times
        if (next.do === 'wait') now += next.ms + 5
      }
    },
    async [Symbol.asyncDispose]() {
      await database.close()
      folder[Symbol.dispose]()
    },
  }
}

test('a place in the pace is taken when it has come, so that a mark is exchanged in two steps', async () => {
  await using it = await marking()
  const { id } = await it.begin()
  await it.settle(id)
  await it.change(id, { state: 'fixed' })
  expect(await it.settle(id)).toBeLessThanOrEqual(5) // wait, take away, wait, put, nothing left
  expect(it.calls).toEqual(['+eyes', '-eyes', '+white_check_mark'])
})

test('when Slack says how long to wait, it waits so long and goes on', async () => {
  await using it = await marking()
  const { id } = await it.begin()
  it.answers.push({ outcome: 'limited', ms: 30_000 })
  expect(await it.mark(id)).toEqual({ do: 'wait', ms: 30_000 })
  expect(await it.mark(id)).toEqual({ do: 'wait', ms: 30_000 })
  expect(it.calls).toEqual(['+eyes'])
  await it.settle(id)
  expect(it.calls).toEqual(['+eyes', '+eyes'])
})

test('a lost answer fails the attempt, so that the queue does it again', async () => {
  await using it = await marking()
  const { id } = await it.begin()
  it.answers.push({ outcome: 'unknown', error: 'HTTP 503' })
  await expect(it.mark(id)).rejects.toThrow('HTTP 503')
  await it.settle(id)
  expect(it.calls).toEqual(['+eyes', '+eyes'])
})

test('what Slack refuses is told once, and not tried again', async () => {
  await using it = await marking()
  const { id } = await it.begin()
  it.answers.push({ outcome: 'refused', error: 'missing_scope', details: [] })
  await it.settle(id)
  await it.change(id, { state: 'fixed' })
  await it.settle(id)
  expect(it.calls).toEqual(['+eyes'])
  expect(it.warnings).toEqual(['a post cannot be marked with a reaction'])
})

test('a post of two incidents is seen until both are over', async () => {
  await using it = await marking()
  const one = await it.begin()
  const two = await it.begin({ id: '2ND00', key: 'another' })
  await it.settle(one.id)
  await it.settle(two.id)
  await it.change(one.id, { state: 'fixed' })
  await it.settle(one.id)
  expect(it.calls).toEqual(['+eyes'])
  await it.change(two.id, { state: 'fixed' })
  await it.settle(two.id)
  expect(it.calls).toEqual(['+eyes', '-eyes', '+white_check_mark'])
})
