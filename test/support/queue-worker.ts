import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBullQueue } from '../../src/queue/bull-queue.ts'
import type { Handler } from '../../src/queue/queue.ts'
import { openStore } from '../../src/store/open.ts'
import { redisAt } from './redis-at.ts'
import { handlersFrom } from './start-working.ts'

// A process that works: `node queue-worker.ts '{"redisUrl"?, "directory", "log", "holds"}'`. Adds three jobs, writes a line to
// `log` when one begins and when it ends, holds the one whose id is `holds` for ever, and writes "settled" when that alone
// is left.

const { redisUrl, directory, log, holds } = JSON.parse(process.argv[2] ?? '')
const opened = await openStore({
  ...(redisUrl && { redis: redisAt(redisUrl) }),
  dataDirectory: directory,
  keep: 60_000,
  onError: (error) => console.error(error),
})
const queue = await openBullQueue(opened.backend, { lock: 2_000, pause: 20 })

const handler: Handler = async (id, { attempt }) => {
  appendFileSync(log, `begin ${id} ${attempt}\n`)
  if (id === holds) await new Promise(() => undefined)
  appendFileSync(log, `end ${id} ${attempt}\n`)
}
queue.work(
  handlersFrom(() => handler),
  {
    onFailed: (name, id) => appendFileSync(log, `failed ${name} ${id}\n`),
    onError: (error) => console.error(error),
  },
)
for (const id of ['one', 'two', 'three']) await queue.add('investigate', id)
for (let settled = false; !settled; await sleep(20)) {
  const { waiting, active } = await queue.counts()
  settled = waiting === 0 && active === 1
}
appendFileSync(log, 'settled\n')
setInterval(() => undefined, 1_000) // until it is killed
