import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockData } from '../../src/store/embedded/data-lock.ts'
import { kill } from '../support/kill.ts'
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

/** Milliseconds that tests wait for a touch. */
const gone = 300
const moduleUrl = new URL('../../src/store/embedded/data-lock.ts', import.meta.url).href

/** Another process that holds the lock. */
async function holder() {
  const script = `const { lockData } = await import(${JSON.stringify(moduleUrl)})
    await lockData(${JSON.stringify(directory)})
    console.log('held')
    setInterval(() => undefined, 1_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return { child, [Symbol.asyncDispose]: () => kill(child) }
}

test('a lock is for one, and free once it is released', async () => {
  const lock = await lockData(directory)
  await expect(lockData(directory)).rejects.toThrow(`the process ${process.pid} uses the data directory ${directory}`)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  lock.release()
  ;(await lockData(directory)).release()
  expect(readdirSync(directory)).toEqual([])
})

test('of many that want it at once one has it', async () => {
  const wanted = await Promise.allSettled(Array.from({ length: 10 }, () => lockData(directory)))
  expect(wanted.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('a lock that another took meanwhile is not released', async () => {
  const lock = await lockData(directory)
  writeFileSync(path, 'of another')
  lock.release()
  expect(readFileSync(path, 'utf8')).toBe('of another')
})

describe('a lock of another process', () => {
  test('stays while it lives, whatever its number and its touches say, also where it stands still', async () => {
    await using other = await holder()
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace(/"pid":\d+/, '"pid":1')) // of another container
    utimesSync(path, 0, 0)
    await expect(lockData(directory)).rejects.toThrow('the process 1 uses')
    other.child.kill('SIGSTOP')
    await expect(lockData(directory)).rejects.toThrow('uses')
  })

  test('is taken over at once when it was killed', async () => {
    const other = await holder()
    await other[Symbol.asyncDispose]()
    const lock = await lockData(directory, { gone: 600_000 })
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid })
    lock.release()
    expect(readdirSync(directory)).toEqual([])
  })

  test('of another machine stays while it is touched, however far its clock is off', async () => {
    await using _ = await holder()
    let clock = 1_000
    const touch = setInterval(() => utimesSync(path, 1, ++clock), 20)
    await expect(lockData(directory, { kernel: 'another', gone: 60_000 })).rejects.toMatchObject({ code: 'in-use' })
    clearInterval(touch)
  })

  const future = Date.now() / 1_000 + 3_600
  test.each([
    ['of a machine that is no more', JSON.stringify({ kernel: 'elsewhere', pid: 1, socket: 'lock.00' }), 1],
    ['whose clock was ahead', JSON.stringify({ kernel: 'elsewhere', pid: 1 }), future],
    ['of an older version', JSON.stringify({ host: 'here', pid: process.pid, started: '1' }), 1],
    ['that was never written to its end', '{"kernel"', future],
  ])('%s is taken over when nobody touched it for a while', async (_case, text, touched) => {
    writeFileSync(path, text)
    utimesSync(path, touched, touched)
    const began = performance.now()
    const lock = await lockData(directory, { gone })
    expect(performance.now() - began).toBeGreaterThanOrEqual(gone)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid })
    lock.release()
  })

  test('names no file outside of the directory', async () => {
    const outside = temporaryFolder()
    writeFileSync(join(outside.path, 'kept'), '')
    writeFileSync(path, JSON.stringify({ kernel: 'elsewhere', pid: 1, socket: `../${outside.path}/kept` }))
    ;(await lockData(directory, { gone })).release()
    expect(readdirSync(outside.path)).toEqual(['kept'])
    outside[Symbol.dispose]()
  })
})
