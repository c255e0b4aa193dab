import type { ServiceSettings } from '../config/environment.ts'
import type { Log } from '../observability/log.ts'
import { openBullQueue, type QueueTiming } from '../queue/bull-queue.ts'
import type { Queue } from '../queue/queue.ts'
import { throttleErrors } from '../queue/retry.ts'
import { openStore } from '../store/open.ts'
import type { RetentionOptions, Store } from '../store/store.ts'

/** The store and the queue, on Redis or in this process. They are closed together, the queue first. */
export interface Backends extends AsyncDisposable {
  readonly store: Store
  readonly queue: Queue
}

export interface BackendOptions extends RetentionOptions {
  readonly settings: Pick<ServiceSettings, 'redis' | 'dataDirectory'>
  readonly timing: QueueTiming | undefined
  /** Called with the kind of each stored record that cannot be read. */
  readonly onUnreadable: (kind: string) => void
  /** Called when the store or the queue does not answer, at most once in ten seconds for the same error. */
  readonly onError: (error: unknown) => void
  readonly log: Log
}

/** Milliseconds that running jobs get at the end: less than the 30 s that Kubernetes gives a pod by default. */
const drainTime = 20_000

/** Opens the store and the queue. Throws StoreError, QueueError. */
export async function openBackends(options: BackendOptions): Promise<Backends> {
  const { settings, keep, timing, onUnreadable, onError, log } = options
  await using opened = new AsyncDisposableStack()
  const warnUnreadable = throttleErrors((error) => log.warn('a stored record cannot be read and is skipped', { error }))
  const { store, backend, close } = await openStore({
    ...(settings.redis && { redis: settings.redis }),
    dataDirectory: settings.dataDirectory,
    keep,
    onError,
    onUnreadable({ kind, error }) {
      onUnreadable(kind)
      warnUnreadable(error)
    },
  })
  opened.defer(close)
  for (const problem of await store.problems().catch(() => [])) log.warn('the store needs attention', { problem })
  const queue = await openBullQueue(backend, timing)
  opened.defer(() => queue.stop(drainTime))
  const closing = opened.move()
  return { store, queue, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}
