import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import type { Role } from '../../src/config/environment.ts'
import { temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { kill } from './kill.ts'
import { slackWorkspace } from './slack-workspace.ts'
import { temporaryFolder } from './temporary-folder.ts'

const checkout = resolve(import.meta.dirname, '../..')
/** What `npm start` gives to node, from wherever. */
const [, ...words] = manifest.scripts.start.split(' ')
const command = words.map((it) => (it.startsWith('src/') ? resolve(checkout, it) : it))
/** Milliseconds. */
const patience = { start: 60_000, look: 10 } as const

export interface ServiceOptions {
  readonly slack: Pick<LocalSlack, 'botToken' | 'apiUrl' | 'signingSecret'>
  readonly kubeconfig: string
  /** Absent: embedded. */
  readonly redisUrl?: string
  readonly role?: Role
  /** Added to a configuration in which #incidents may ask. */
  readonly configuration?: object
  readonly environment?: Readonly<Record<string, string>>
}

/** `npm start`, without npm, in a process of its own. */
export interface ServiceProcess extends AsyncDisposable {
  readonly child: ChildProcess
  /** Lines that it wrote to both of its outputs. */
  readonly lines: readonly string[]
  /** Resolves with its port as soon as it listens, and rejects where it ends instead. */
  listening(): Promise<number>
  /** Resolves as soon as it says that it is ready: milliseconds since it was begun. */
  ready(): Promise<number>
  /** What the system says of its memory, in bytes: now, and at most so far. */
  memory(): { readonly now: number; readonly peak: number }
  /** The most so far of this process and its children together, in bytes, seen every 10 ms until it is ready. */
  readonly peakAtStart: number
  signal(name: NodeJS.Signals): void
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

/** Listens on loopback alone; killed at the end of its `await using`. */
export function serviceProcess(options: ServiceOptions): ServiceProcess {
  const began = performance.now()
  const folder = temporaryFolder()
  const file = temporaryFile(
    stringify({ channels: [{ id: slackWorkspace.incidents }], ...closed, ...options.configuration }),
  )
  const child = spawn(process.execPath, [...command, '--host', '127.0.0.1', '--role', options.role ?? 'all'], {
    cwd: folder.path, // without the .env of whoever develops it
    env: environmentOf(options, file.path, folder.path),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => lines.push(line))
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => (code ?? signal) as number | string) // of Node

  async function listening(): Promise<number> {
    const end = performance.now() + patience.start
    for (;;) {
      const port = portIn(lines)
      if (port) return port
      if (child.exitCode !== null || performance.now() > end)
        throw new Error(`it does not listen: ${lines.slice(-5).join('\n')}`)
      await sleep(patience.look)
    }
  }

  let peakAtStart = 0
  const looking = setInterval(() => {
    peakAtStart = Math.max(peakAtStart, memoryWithChildren(child.pid))
  }, patience.look)

  async function ready(): Promise<number> {
    const url = `http://127.0.0.1:${await listening()}/readyz`
    while (!(await fetch(url)).ok) await sleep(patience.look)
    clearInterval(looking)
    return performance.now() - began
  }

  return {
    child,
    lines,
    listening,
    ready,
    memory: () => memoryOf(child.pid),
    get peakAtStart() {
      return peakAtStart
    },
    signal: (name) => void child.kill(name),
    ended,
    async [Symbol.asyncDispose]() {
      clearInterval(looking)
      await kill(child)
      folder[Symbol.dispose]()
      file[Symbol.dispose]()
    },
  }
}

/** Nothing is to be contacted: the cluster's words alone decide. */
const closed = { registries: [{ host: 'registry.test:5000', access: 'none' }] }

function environmentOf(options: ServiceOptions, configuration: string, directory: string): NodeJS.ProcessEnv {
  const { slack, kubeconfig, redisUrl, environment } = options
  return {
    PATH: process.env.PATH,
    HOME: directory,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    IMAGEPULL_DATA_DIR: directory,
    IMAGEPULL_CONFIG: configuration,
    KUBECONFIG: kubeconfig,
    PORT: '0',
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...environment,
  }
}

function portIn(lines: readonly string[]): number | undefined {
  const line = lines.find((it) => it.includes('"imagepull is listening"'))
  return line === undefined ? undefined : JSON.parse(line).port
}

function memoryOf(pid: number | undefined): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8') // Linux alone
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
  return { now: kilobytes('VmRSS') * 1_024, peak: kilobytes('VmHWM') * 1_024 }
}

function memoryWithChildren(pid: number | undefined): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    // A process that has ended, and is not yet waited for, has no memory.
    return [pid, ...children.map(Number)].reduce<number>((sum, it) => sum + (memoryOf(it).now || 0), 0)
  } catch {
    return 0 // one of them has just ended
  }
}
