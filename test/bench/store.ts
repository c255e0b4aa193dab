import { openBullQueue } from '../../src/queue/bull-queue.ts'
import type { Queue } from '../../src/queue/queue.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { redisAt } from '../support/redis-at.ts'
import { redisServer, whyNoRedis } from '../support/redis-server.ts'
import { handlersFrom } from '../support/start-working.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// Run by `npm run bench`. Prints one table: operations a second of the store and the queue, on a Redis of its own that writes
// every command to disk at once, and embedded.

/** Milliseconds of each row. */
const atLeast = 1_500
/** Callers at a time: as many as a busy process has. */
const callers = 16
/** About what an incident takes. */
const value = { version: 1, text: 'x'.repeat(4 * 1_024) }

type Place = 'Redis' | 'embedded'

/** What is measured; `number` is another one each time. */
function operations(store: Store, queue: Queue): Readonly<Record<string, (number: number) => Promise<unknown>>> {
  return {
    'write a new record of 4 KiB, into a list': (number) =>
      store.write('incident', `new-${number}`, value, { revision: 0, list: 'open' }),
    'read it': (number) => store.read('incident', `new-${number % 100}`),
    'the first 50 of a list': () => store.list('incident', 'open', 50),
    claim: (number) => store.claim(`claim-${number}`, 60_000),
    pace: (number) => store.pace(`pace-${number % 10}`, 1),
    'queue.add, another job': (number) => queue.add('investigate', `job-${number}`),
    'queue.add, of one that waits': () => queue.add('investigate', 'job-1'),
    'queue.add, with a delay': (number) => queue.add('watch', `job-${number}`, { delay: 600_000 }),
  }
}

async function aSecond(work: (number: number) => Promise<unknown>): Promise<number> {
  const start = performance.now()
  let number = 0
  const caller = async (): Promise<void> => {
    while (performance.now() - start < atLeast) await work(number++)
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return (number / (performance.now() - start)) * 1_000
}

/** Jobs of an empty handler that are done in a second, of those that wait. */
async function doneASecond(queue: Queue): Promise<number> {
  const waiting = (await queue.counts()).waiting
  const start = performance.now()
  let done = 0
  const all = Promise.withResolvers<void>()
  const handler = async (): Promise<void> => {
    done += 1
    if (done === waiting) all.resolve()
  }
  queue.work(
    handlersFrom(() => handler),
    { onFailed: (_name, _id, error) => console.error(error), onError: console.error },
  )
  await all.promise
  return (done / (performance.now() - start)) * 1_000
}

async function measure(redisUrl: string | undefined): Promise<ReadonlyMap<string, number>> {
  using folder = temporaryFolder()
  const place = { dataDirectory: folder.path, keep: 600_000, onError: console.error }
  const opened = await openStore(redisUrl ? { ...place, redis: redisAt(redisUrl) } : place)
  const queue = await openBullQueue(opened.backend)
  const figures = new Map<string, number>()
  for (const [name, work] of Object.entries(operations(opened.store, queue))) figures.set(name, await aSecond(work))
  figures.set('jobs done', await doneASecond(queue))
  await queue.stop(1_000)
  await opened.close()
  return figures
}

const figures: [Place, ReadonlyMap<string, number>][] = [['embedded', await measure(undefined)]]
if (whyNoRedis) {
  console.log(`skipped: ${whyNoRedis}`)
} else {
  await using server = await redisServer()
  figures.unshift(['Redis', await measure(server.url)])
}
const names = [...(figures[0]?.[1].keys() ?? [])]
console.log(`| a second, ${callers} at a time | ${figures.map(([place]) => place).join(' | ')} |`)
console.log(`|---|${figures.map(() => '---|').join('')}`)
for (const name of names)
  console.log(
    `| ${name} | ${figures.map(([, of]) => Math.round(of.get(name) ?? 0).toLocaleString('en')).join(' | ')} |`,
  )
console.log()
