import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import { kill } from './kill.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Why there is no Redis here; undefined: there is one. */
export const whyNoRedis: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'no redis-server on the PATH: apt-get install -y --no-install-recommends redis-server'

export interface RedisServer extends AsyncDisposable {
  readonly url: string
  kill(): Promise<void>
  /** It takes connections and answers none, as behind a network that drops packets. */
  freeze(): void
  thaw(): void
  /** At the same address, with what it had written. */
  start(): Promise<void>
}

/** A real Redis of its own, on loopback, which writes every command to disk; gone with its `await using`. */
export async function redisServer(...options: readonly string[]): Promise<RedisServer> {
  const folder = temporaryFolder()
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path]
    child = spawn('redis-server', [...place, ...durable, ...options], { stdio: 'ignore' })
    await untilItAnswers(url)
  }

  async function end(): Promise<void> {
    if (child) await kill(child)
  }

  await start()
  return {
    url,
    start,
    kill: end,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await end()
      folder[Symbol.dispose]()
    },
  }
}

export async function untilItAnswers(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, enableOfflineQueue: false })
  redis.on('error', () => undefined)
  for (let attempt = 0; attempt < 200; attempt++) {
    const answered = await redis.connect().then(
      () => true,
      () => false,
    )
    redis.disconnect()
    if (answered) return
    await sleep(25)
  }
  throw new Error(`the Redis at ${url} did not start`)
}
