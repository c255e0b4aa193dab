import { expect, test } from 'vitest'
import type { Outcome } from '../../src/slack/api.ts'
import { cacheAnswers } from '../../src/slack/cache.ts'

const now = () => new Date('2026-11-24T02:58:00Z')

test('a call that rejects is no answer, harms nobody, and is made again', async () => {
  const unhandled: unknown[] = []
  const hear = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', hear)
  let calls = 0
  const ask = cacheAnswers<string>(async (id): Promise<Outcome<string>> => {
    calls += 1
    if (calls === 1) throw new Error('Retry header did not contain a valid timeout')
    return { outcome: 'done', value: `${id} is known` }
  }, now)
  expect(await ask('U1')).toBeUndefined()
  await new Promise(setImmediate) // Node tells of an unhandled rejection before this
  process.off('unhandledRejection', hear)
  expect(unhandled).toEqual([])
  expect(await Promise.all([ask('U1'), ask('U1')])).toEqual(['U1 is known', 'U1 is known'])
  expect(calls).toBe(2)
})

test('what Slack does not say is asked again, what it says is kept', async () => {
  const answers: Outcome<string>[] = [
    { outcome: 'limited', ms: 1_000 },
    { outcome: 'done', value: 'a member' },
  ]
  let calls = 0
  const ask = cacheAnswers<string>(
    async () => answers[calls++] ?? { outcome: 'refused', error: 'late', details: [] },
    now,
  )
  expect([await ask('U1'), await ask('U1'), await ask('U1')]).toEqual([undefined, 'a member', 'a member'])
})
