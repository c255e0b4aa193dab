import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../src/observability/log.ts'
import { watchProcessErrors } from '../../src/observability/process-errors.ts'

const ofConnection = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
const ofListening = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', syscall: 'listen' })
const crash = Object.assign(new Error('unreachable'), { name: 'RuntimeError' })

function watched() {
  const lines: string[] = []
  const events = new EventEmitter()
  const errors = watchProcessErrors(createLog('debug', { write: (line) => lines.push(line) }), events)
  return { lines, events, errors }
}

async function isFatal(event: string, error: unknown): Promise<boolean> {
  const { events, errors } = watched()
  events.emit(event, error)
  return Promise.race([errors.fatal.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))])
}

describe('an error that nobody caught', () => {
  test.each([
    ['a rejection', 'unhandledRejection', new TypeError('x'), false],
    ['a rejection with what is no error', 'unhandledRejection', undefined, false],
    ['a rejection because compiled code crashed', 'unhandledRejection', crash, true],
    ['an exception', 'uncaughtException', new TypeError('x'), true],
    ['an exception that is no error', 'uncaughtException', null, true],
    ['an error of a connection', 'uncaughtException', ofConnection, false],
    ['an error of the one port', 'uncaughtException', ofListening, true],
  ])('%s', async (_name, event, error, fatal) => {
    expect(await isFatal(event, error)).toBe(fatal)
  })

  test('is in the log, redacted', () => {
    const { lines, events } = watched()
    events.emit('unhandledRejection', new Error('no way to https://maya:hunter2@registry.test'))
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'error', kind: 'rejection', error: { message: 'no way to https://[redacted]@registry.test' } },
    ])
    expect(lines.join('')).not.toContain('hunter2')
  })

  test('is no longer heard once watching has ended', () => {
    const { events, errors } = watched()
    errors.stop()
    expect(events.eventNames()).toEqual([])
  })
})
