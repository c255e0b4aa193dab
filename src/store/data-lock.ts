import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { StoreError } from './store-error.ts'

export interface DataLock {
  release(): void
}

/** Milliseconds. How often the holder touches its lock, and after how long without that one of another host is gone. */
const pulse = { every: 5_000, gone: 20_000 } as const
const tries = 3

const holderSchema = z.object({ host: z.string(), pid: z.int(), started: z.string() })
type Holder = z.infer<typeof holderSchema>

/**
 * One process a directory: two would destroy the database. What a killed process left is taken over: it names a process
 * that is no more, or that began at another time, as pids come again (in a container at once). A process of another host
 * cannot be seen from here; it is gone when its lock was not touched for a while. Throws StoreError `in-use`.
 */
export function lockData(directory: string): DataLock {
  const path = join(directory, 'lock')
  const own: Holder = { host: hostname(), pid: process.pid, started: startOf(process.pid) }
  const text = JSON.stringify(own)
  for (let attempt = 0; attempt < tries; attempt++) {
    if (create(path, text)) return held(path, text)
    const found = readIfThere(path)
    if (found === undefined) continue // it went away in between
    if (isAlive(found, path)) throw new StoreError('in-use', `${describe(found)} uses the data directory ${directory}`)
    removeStale(path, found)
  }
  throw new StoreError('in-use', `other processes want the data directory ${directory} too`)
}

function held(path: string, text: string): DataLock {
  const timer = setInterval(() => touch(path), pulse.every).unref()
  return {
    release() {
      clearInterval(timer)
      if (readIfThere(path) === text) rmSync(path, { force: true })
    },
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date())
  } catch {
    // Somebody removed the directory. The database will say so better.
  }
}

function create(path: string, text: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, text)
    closeSync(file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(text: string, path: string): boolean {
  const holder = parse(text)
  if (holder?.host === hostname()) return holder.started === startOf(holder.pid) && isRunning(holder.pid)
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return Date.now() - touched < pulse.gone // also one that is just being written
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** The 22nd field, ticks since boot: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. Empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return fields[19] ?? ''
  } catch {
    return ''
  }
}

/** Moved before it is removed, so that of two who find it stale only one has it; what turns out to be another's is put back. */
function removeStale(path: string, text: string): void {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (readIfThere(aside) === text) rmSync(aside, { force: true })
  else renameSync(aside, path)
}

function describe(text: string): string {
  const holder = parse(text)
  if (!holder) return 'another process'
  return holder.host === hostname() ? `the process ${holder.pid}` : `a process of ${holder.host}`
}

function parse(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
