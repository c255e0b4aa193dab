import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockData } from '../../src/store/data-lock.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

let folder: TemporaryFolder
let directory: string
let path: string
beforeEach(() => {
  folder = temporaryFolder()
  directory = folder.path
  path = join(directory, 'lock')
})
afterEach(() => folder[Symbol.dispose]())

test('a lock is for one, and free once it is released', () => {
  const lock = lockData(directory)
  expect(() => lockData(directory)).toThrow(`the process ${process.pid} uses the data directory ${directory}`)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  lock.release()
  expect(readdirSync(directory)).toEqual([])
  lockData(directory).release()
})

test('a lock that another took meanwhile is not released', () => {
  const lock = lockData(directory)
  writeFileSync(path, 'of another')
  lock.release()
  expect(readFileSync(path, 'utf8')).toBe('of another')
})

describe('a lock that is there', () => {
  const now = new Date()
  const longAgo = new Date(Date.now() - 60_000)
  const here = hostname()

  test.each([
    ['of a process that is no more', { host: here, pid: 2 ** 22 + 1, started: '1' }, now],
    ['of a process whose number is ours today', { host: here, pid: process.pid, started: '1' }, now],
    ['of a host that was not seen for long', { host: 'elsewhere', pid: 1, started: '1' }, longAgo],
    ['that was never written to its end', '{"host"', longAgo],
  ])('%s is taken over', (_case, holder, touched) => {
    writeFileSync(path, typeof holder === 'string' ? holder : JSON.stringify(holder))
    utimesSync(path, touched, touched)
    const lock = lockData(directory)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ host: here, pid: process.pid })
    expect(readdirSync(directory)).toEqual(['lock'])
    lock.release()
  })

  test.each([
    ['of another host', JSON.stringify({ host: 'elsewhere', pid: 1, started: '1' }), 'a process of elsewhere uses'],
    ['that is just being written', '', 'another process uses'],
  ])('%s stays', (_case, holder, says) => {
    writeFileSync(path, holder)
    expect(() => lockData(directory)).toThrow(says)
    expect(readFileSync(path, 'utf8')).toBe(holder)
  })
})
