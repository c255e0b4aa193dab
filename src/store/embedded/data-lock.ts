import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { StoreError } from '../store.ts'

export interface DataLock {
  release(): void
}

export interface DataLockOptions {
  /** Identifies the running kernel. Default: its boot id. */
  readonly kernel?: string
  /** Milliseconds after the last touch when a lock without a socket counts as abandoned. Default: 20,000. */
  readonly gone?: number
}

/** Milliseconds between two touches of the holder, and between two checks of a waiting process. */
const pulse = { every: 5_000, check: 250 } as const
const defaultGone = 20_000
const tries = 3
/** Milliseconds that a killed process may take to close its socket on a busy machine. */
const closing = 2_000
/** Bytes that fit into the address of a socket on every system. Linux and macOS accept 107 and 103. */
const longestAddress = 100

const holderSchema = z.object({ kernel: z.string(), pid: z.int(), socket: z.string().optional() })

/**
 * Locks a data directory, because two processes would destroy the database. The holder listens on a socket in the
 * directory that the lock file names, and the kernel closes it with the process. So any process of the same machine, in
 * whatever container, knows at once whether the holder is alive. On another machine, after a reboot, or on a file
 * system without sockets, the lock counts as abandoned after nobody touched it for a while, which the process waits for
 * without comparing clocks. Throws StoreError `in-use`.
 */
export async function lockData(directory: string, options: DataLockOptions = {}): Promise<DataLock> {
  const { kernel = readKernelId(), gone = defaultGone } = options
  const path = join(directory, 'lock')
  const name = `lock.${randomBytes(6).toString('hex')}`
  const server = await listen(join(directory, name)) // before the lock names it, or the lock would look abandoned
  const text = JSON.stringify({ kernel, pid: process.pid, ...(server && { socket: name }) })
  try {
    for (let attempt = 0; attempt < tries; attempt++) {
      if (create(path, text)) return held(path, text, server)
      const found = readIfThere(path)
      if (found === undefined) continue // it was removed in between
      if (await isHeld(directory, found, kernel, gone))
        throw new StoreError('in-use', `${describe(found)} uses the data directory ${directory}`)
      removeLeft(directory, found)
    }
    throw new StoreError('in-use', `other processes are also trying to use the data directory ${directory}`)
  } catch (error) {
    server?.close()
    throw error
  }
}

function held(path: string, text: string, server: Server | undefined): DataLock {
  const timer = setInterval(() => touch(path), pulse.every).unref()
  return {
    release() {
      clearInterval(timer)
      if (readIfThere(path) === text) rmSync(path, { force: true })
      server?.close()
    },
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date())
  } catch {
    // Somebody removed the directory. The database reports that better.
  }
}

/** undefined: a socket at this path is not possible. */
async function listen(path: string): Promise<Server | undefined> {
  if (Buffer.byteLength(path) > longestAddress) return undefined
  const server = createServer((connection) => connection.destroy()).unref()
  const { promise, resolve } = Promise.withResolvers<Server | undefined>()
  server.once('error', () => resolve(undefined))
  server.listen(path, () => resolve(server))
  return promise
}

async function isHeld(directory: string, text: string, kernel: string, gone: number): Promise<boolean> {
  const holder = parse(text)
  if (holder?.socket && holder.kernel === kernel) return keepsAnswering(join(directory, holder.socket))
  return isTouched(join(directory, 'lock'), text, gone)
}

/**
 * A killed process may still be closing its socket while the next one starts, so one answer does not prove that the
 * holder is alive.
 */
async function keepsAnswering(path: string): Promise<boolean> {
  const end = performance.now() + closing
  while (await answers(path)) {
    if (performance.now() >= end) return true
    await sleep(pulse.check)
  }
  return false
}

/**
 * Tells whether a process listens on the socket. A process that stands still counts too, because the kernel accepts the
 * connection.
 */
async function answers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(path, () => resolve(true))
  socket.on('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(String(readCode(error)))))
  return promise.finally(() => socket.destroy())
}

/** Tells whether a process touches the lock, or has written another one. */
async function isTouched(path: string, text: string, gone: number): Promise<boolean> {
  const touchedAt = (): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs
  const first = touchedAt()
  const end = performance.now() + gone
  while (performance.now() < end) {
    await sleep(Math.min(pulse.check, gone))
    if (touchedAt() !== first) return touchedAt() !== undefined
  }
  return readIfThere(path) !== text
}

function create(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (readCode(error) === 'EEXIST') return false
    throw error
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (readCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Removes an abandoned lock. It is moved first, so that of two processes only one gets it. If it turns out to be
 * another lock, it is put back.
 */
function removeLeft(directory: string, text: string): void {
  const path = join(directory, 'lock')
  const aside = `${path}-${randomBytes(6).toString('hex')}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (readCode(error) === 'ENOENT') return
    throw error
  }
  if (readIfThere(aside) !== text) {
    renameSync(aside, path)
    return
  }
  const socket = parse(text)?.socket
  for (const left of [aside, ...(socket ? [join(directory, socket)] : [])]) rmSync(left, { force: true })
}

/** Returns the same id for all containers of a machine until the next boot. */
function readKernelId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return hostname() // no Linux
  }
}

function describe(text: string): string {
  const pid = parse(text)?.pid
  return pid === undefined ? 'another process' : `the process ${pid}`
}

function parse(text: string): z.infer<typeof holderSchema> | undefined {
  try {
    const { socket, ...holder } = holderSchema.parse(JSON.parse(text))
    // It is removed with the directory.
    return { ...holder, ...(socket && /^lock\.[0-9a-f]{1,64}$/.test(socket) && { socket }) }
  } catch {
    return undefined
  }
}

function readCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
