import { expect, test } from 'vitest'
import { RegistryError } from '../../../src/registry/errors.ts'
import type { ApiAnswer } from '../../../src/registry/http/api.ts'
import { createAnswers, type Wanted } from '../../../src/registry/manners/answers.ts'

const url = new URL('https://registry.example/v2/app/manifests/1')
const answerOf = (status: number, body = '', headers: Record<string, string> = {}): ApiAnswer => ({
  answer: { url, status, headers, body },
  asked: { method: 'HEAD', url: url.href },
})
const anyTime: Wanted = { since: 0, immutable: false, host: 'registry.example', signal: undefined }

/** Answers with a clock, and a registry that counts. */
function asked(answer: ApiAnswer | Error = answerOf(200)) {
  const clock = { now: 1_000_000 }
  const answers = createAnswers(() => clock.now)
  let requests = 0
  const send = async () => {
    requests += 1
    if (answer instanceof Error) throw answer
    return answer
  }
  const ask = (wanted: Partial<Wanted> = {}, key = 'key') => answers.get(key, { ...anyTime, ...wanted }, send)
  return { ask, clock, answers, requests: () => requests }
}

test.each([
  ['what is there', answerOf(200), 30],
  ['what is missing', answerOf(404), 10],
  ['who is refused', answerOf(401), 10],
  ['an error of the registry', answerOf(502), 5],
  ['a registry that tells to wait', answerOf(429, '', { 'retry-after': '40' }), 40],
  ['one that tells to wait for long', answerOf(429, '', { 'retry-after': '9999' }), 60],
])('%s is asked once, and again in the end', async (_, answer, seconds) => {
  const { ask, clock, requests } = asked(answer)
  await ask()
  clock.now += seconds * 1_000 - 1
  expect(await ask()).toBe(answer)
  expect(requests()).toBe(1)
  clock.now += 2
  await ask()
  expect(requests()).toBe(2)
})

test('a registry that does not answer is not tried by everybody', async () => {
  const { ask, clock, requests } = asked(new RegistryError('timeout', 'HEAD', 'it does not answer'))
  await expect(ask()).rejects.toMatchObject({ code: 'timeout' })
  await expect(ask()).rejects.toMatchObject({ code: 'timeout' })
  expect(requests()).toBe(1)
  clock.now += 5_001
  await expect(ask()).rejects.toMatchObject({ code: 'timeout' })
  expect(requests()).toBe(2)
})

test.each(['aborted', 'throttled'] as const)('a request that was %s is nobody else’s answer', async (code) => {
  const { ask, requests } = asked(new RegistryError(code, 'HEAD', 'none'))
  await expect(ask()).rejects.toMatchObject({ code })
  await expect(ask()).rejects.toMatchObject({ code })
  expect(requests()).toBe(2)
})

test('an answer to an earlier request does not count for who wants a new one, and the new one counts for all', async () => {
  const { ask, clock, requests } = asked(answerOf(404))
  await ask()
  clock.now += 1
  const since = clock.now
  await ask({ since })
  await ask({ since })
  await ask()
  expect(requests()).toBe(2)
})

test('content that is named by its digest lasts', async () => {
  const { ask, clock, requests } = asked()
  await ask({ immutable: true })
  clock.now += 500_000
  await ask({ immutable: true })
  expect(requests()).toBe(1)
})

test('its memory is bounded', async () => {
  const { ask, requests } = asked(answerOf(200, 'x'.repeat(900_000)))
  for (let image = 0; image < 30; image++) await ask({}, `image ${image}`)
  await ask({}, 'image 29')
  expect(requests()).toBe(30)
  await ask({}, 'image 0')
  expect(requests()).toBe(31)
})

test('what is too large is not kept', async () => {
  const { ask, requests } = asked(answerOf(200, 'x'.repeat(1_100_000)))
  await ask()
  await ask()
  expect(requests()).toBe(2)
})

test('requests under way are shared; the last one who gives up ends them', async () => {
  const answers = createAnswers(Date.now)
  const sent: AbortSignal[] = []
  const send = (signal: AbortSignal) => {
    sent.push(signal)
    return new Promise<ApiAnswer>((_, reject) => signal.addEventListener('abort', () => reject(new Error('gone'))))
  }
  const [first, second] = [new AbortController(), new AbortController()]
  const asking = [first, second].map(({ signal }) => answers.get('key', { ...anyTime, signal }, send))
  const outcomes = Promise.allSettled(asking)
  first.abort()
  await expect(asking[0]).rejects.toMatchObject({ code: 'aborted' })
  expect(sent.map(({ aborted }) => aborted)).toEqual([false])
  second.abort()
  await outcomes
  expect(sent.map(({ aborted }) => aborted)).toEqual([true])
})
