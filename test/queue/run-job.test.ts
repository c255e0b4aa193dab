import { UnrecoverableError, WaitingError } from 'bullmq'
import { describe, expect, test } from 'vitest'
import { Later } from '../../src/queue/queue.ts'
import { type JobRun, type RunContext, runJob } from '../../src/queue/run-job.ts'
import { handlersFrom } from '../support/start-working.ts'

/** What BullMQ hands to a processor, as far as it is looked at. */
function jobOf(of: object, calls: string[] = []): JobRun['job'] {
  const moveToWait = async (token: string): Promise<number> => calls.push(`wait ${token}`)
  const whole = {
    name: 'request',
    data: { id: 'id' },
    attemptsMade: 0,
    stalledCounter: 0,
    opts: { attempts: 3 },
    moveToWait,
  }
  return { ...whole, ...of } as unknown as JobRun['job']
}

function contextOf(handler: () => Promise<void>, calls: string[]): RunContext {
  return {
    handlers: handlersFrom(() => handler),
    later: async (name, id, ms) => void calls.push(`later ${name} ${id} ${ms}`),
    dropDelay: async (name, id) => void calls.push(`drop ${name} ${id}`),
    isEnding: () => false,
    onFailed: (name, id, error) => void calls.push(`failed ${name} ${id} ${error}`),
    onError: (error) => void calls.push(`error ${error}`),
  }
}

const fails = async (): Promise<void> => {
  throw new Error('no use')
}
const running = new AbortController().signal

describe('a run', () => {
  test('drops the delay of its job before it begins', async () => {
    const calls: string[] = []
    const handler = async (): Promise<void> => void calls.push('runs')
    await runJob({ job: jobOf({}), token: 't', signal: running }, contextOf(handler, calls))
    expect(calls).toEqual(['drop request id', 'runs'])
  })

  test('is not begun when the process ends', async () => {
    const calls: string[] = []
    const handler = async (): Promise<void> => void calls.push('runs')
    const context = { ...contextOf(handler, calls), isEnding: () => true }
    const run = runJob({ job: jobOf({}, calls), token: 't', signal: running }, context)
    await expect(run).rejects.toBeInstanceOf(WaitingError)
    expect(calls).toEqual(['wait t'])
  })

  test('begins where that is not possible', async () => {
    const calls: string[] = []
    const handler = async (): Promise<void> => void calls.push('runs')
    const context = { ...contextOf(handler, calls), dropDelay: fails }
    await runJob({ job: jobOf({}), token: 't', signal: running }, context)
    expect(calls).toEqual(['error Error: no use', 'runs'])
  })

  test('that ends with Later has asked for another, and not failed', async () => {
    const calls: string[] = []
    const handler = async (): Promise<void> => {
      throw new Later(7)
    }
    await runJob({ job: jobOf({ attemptsMade: 2 }), token: 't', signal: running }, contextOf(handler, calls))
    expect(calls).toEqual(['drop request id', 'later request id 7'])
  })

  test('asks again where asking for another fails', async () => {
    const calls: string[] = []
    const handler = async (): Promise<void> => {
      throw new Later(7)
    }
    let asked = 0
    const later = async (): Promise<void> => {
      asked += 1
      if (asked < 3) throw new Error('away')
    }
    await runJob({ job: jobOf({}), token: 't', signal: running }, { ...contextOf(handler, calls), later })
    expect([asked, ...calls.slice(1)]).toEqual([3, 'error Error: away', 'error Error: away'])
  })
})

describe('a run that fails', () => {
  test.each([
    ['first', { attemptsMade: 0 }, Error, []],
    ['last', { attemptsMade: 2 }, UnrecoverableError, ['failed request id Error: no use']],
    ['only', { opts: {} }, UnrecoverableError, ['failed request id Error: no use']],
  ])('as the %s', async (_which, of, kind, wanted) => {
    const calls: string[] = []
    const run = runJob({ job: jobOf(of), token: 't', signal: running }, contextOf(fails, calls))
    const error = await run.catch((it) => it)
    expect(error.constructor).toBe(kind)
    expect(error.message).toBe('no use')
    expect(calls.slice(1)).toEqual(wanted)
  })

  test('because its workers are killed again and again, is not begun once more', async () => {
    const calls: string[] = []
    const handler = async (): Promise<void> => void calls.push('runs')
    const run = runJob({ job: jobOf({ stalledCounter: 11 }), token: 't', signal: running }, contextOf(handler, calls))
    await expect(run).rejects.toBeInstanceOf(UnrecoverableError)
    expect(calls).toEqual(['failed request id QueueError: its worker was killed 11 times'])
  })

  test('because the process ends, waits again and has not failed', async () => {
    const calls: string[] = []
    const job = jobOf({ attemptsMade: 2 }, calls)
    const run = runJob({ job, token: 't', signal: AbortSignal.abort() }, contextOf(fails, calls))
    await expect(run).rejects.toBeInstanceOf(WaitingError)
    expect(calls).toEqual(['drop request id', 'wait t'])
  })

  test('because it is of another version, is told to nobody', async () => {
    const calls: string[] = []
    const run = runJob({ job: jobOf({ name: 'toString' }), token: 't', signal: running }, contextOf(fails, calls))
    await expect(run).rejects.toMatchObject({ code: 'invalid' })
    expect(calls).toEqual([])
  })
})
