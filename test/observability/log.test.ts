import { describe, expect, test } from 'vitest'
import { createLog } from '../../src/observability/log.ts'
import { Secret } from '../../src/secret.ts'

/** What a log writes, line by line. */
function written(level: string, write: (log: ReturnType<typeof createLog>) => void): readonly string[] {
  const lines: string[] = []
  write(createLog(level, { write: (line) => lines.push(line) }))
  return lines
}

const canary = 'ghp_canaryOfATokenOfGitHub0123456789ABCD'
const asUrl = `https://robot:${canary}@git.acme.io/shop.git`

describe('a line', () => {
  test('is JSON: level, time, message and fields', () => {
    const [line = ''] = written('info', (log) => log.info('a job is done', { job: 'look', ms: 12 }))
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      message: 'a job is done',
      job: 'look',
      ms: 12,
    })
  })

  test('carries what its log is about', () => {
    const lines = written('debug', (log) =>
      log.with({ incident: 'K7Q2F' }).with({ job: 'look' }).debug('begun', { ms: 1 }),
    )
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ incident: 'K7Q2F', job: 'look', ms: 1 }])
  })

  test('is written from its level on', () => {
    const lines = written('warn', (log) => {
      log.debug('a')
      log.info('b')
      log.warn('c')
      log.error('d')
    })
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['c', 'd'])
  })

  test('has of an error its words, code, causes and place', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const [line = ''] = written('info', (log) => log.warn('away', { error: new TypeError('failed', { cause }) }))
    expect(JSON.parse(line).error).toEqual({
      name: 'TypeError',
      message: 'failed',
      stack: expect.stringContaining('log.test.ts'),
      cause: { name: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED', stack: expect.any(String) },
    })
  })
})

describe('shows no credential, wherever it stands', () => {
  const withCause = new Error('outer', { cause: new Error(`GET ${asUrl}`) })
  const withFields = Object.assign(new Error('failed'), { request: { headers: { authorization: `Bearer ${canary}` } } })
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['a field', { url: asUrl }],
    ['a field of a field', { request: { headers: [{ value: `Bearer ${canary}` }] } }],
    ['the words of an error, and its stack', { error: new Error(`clone ${asUrl} failed`) }],
    ['the cause of an error', { error: withCause }],
    ['what libraries hang on an error', { error: withFields }],
    ['a Secret', { token: new Secret(canary) }],
    ['a Secret in a field', { settings: { botToken: new Secret(canary) } }],
    ['an argument of a command', { argv: ['--build-arg', `NPM_TOKEN=${canary}`] }],
  ])('%s', (_where, fields) => {
    const [line = ''] = written('info', (log) => log.error('it failed', fields))
    expect(JSON.parse(line).message).toBe('it failed')
    expect(line).not.toContain(canary)
  })

  test('what every line of a log carries', () => {
    const [line = ''] = written('info', (log) => log.with({ url: asUrl }).info('begun'))
    expect(line).toContain('git.acme.io')
    expect(line).not.toContain(canary)
  })
})
