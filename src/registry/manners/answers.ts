import { LRUCache } from 'lru-cache'
import { RegistryError } from '../errors.ts'
import type { ApiAnswer } from '../http/api.ts'
import { readRetryAfter } from './limits.ts'

/** Recent answers of registries. Requests for the same that are under way are one request. */
export interface Answers {
  /**
   * Returns the answer that is known, or that `send` gets. `key` says all that the answer depends on. `since`: an answer to
   * an earlier request does not count (milliseconds since 1970). Throws what `send` threw, and RegistryError `aborted`.
   */
  get(key: string, wanted: Wanted, send: (signal: AbortSignal) => Promise<ApiAnswer>): Promise<ApiAnswer>
}

export interface Wanted {
  readonly since: number
  /** What is asked for can never be another: it is named by its digest. */
  readonly immutable: boolean
  readonly host: string
  readonly signal: AbortSignal | undefined
}

interface Known {
  readonly began: number
  readonly outcome: { readonly answer: ApiAnswer } | { readonly error: unknown }
}

interface Flight {
  readonly began: number
  readonly answer: Promise<ApiAnswer>
  readonly stop: AbortController
  waiting: number
}

/** Milliseconds that an answer lasts. A "no" is short: what is missing may be pushed at any moment. */
const lasts = { yes: 30_000, no: 10_000, failure: 5_000, immutable: 600_000, mostThrottled: 60_000 } as const
/** Bytes of all answers, and of one that is worth keeping. */
const limits = { entries: 5_000, bytes: 16 * 1024 * 1024, each: 1024 * 1024 } as const
/** Bytes of an answer beside its body. */
const overhead = 1_024

export function createAnswers(now: () => number): Answers {
  const known = new LRUCache<string, Known>({
    max: limits.entries,
    maxSize: limits.bytes,
    maxEntrySize: limits.each,
    sizeCalculation: sizeOf,
    ttlResolution: 0,
    perf: { now },
  })
  const flights = new Map<string, Flight>()

  function keep(key: string, began: number, outcome: Known['outcome'], immutable: boolean): void {
    const ttl = lifetimeOf(outcome, immutable, now())
    if (ttl > 0) known.set(key, { began, outcome }, { ttl })
  }

  function begin(key: string, immutable: boolean, send: (signal: AbortSignal) => Promise<ApiAnswer>): Flight {
    const began = now()
    const stop = new AbortController()
    const answer = send(stop.signal).finally(() => {
      if (flights.get(key) === flight) flights.delete(key)
    })
    const flight: Flight = { began, answer, stop, waiting: 0 }
    flights.set(key, flight)
    answer.then(
      (it) => keep(key, began, { answer: it }, immutable),
      (error: unknown) => keep(key, began, { error }, immutable),
    )
    return flight
  }

  return {
    async get(key, { since, immutable, host, signal }, send) {
      const old = known.get(key)
      if (old && old.began >= since) {
        if ('error' in old.outcome) throw old.outcome.error
        return old.outcome.answer
      }
      const running = flights.get(key)
      const usable = running && running.began >= since && !running.stop.signal.aborted
      return join(usable ? running : begin(key, immutable, send), host, signal)
    },
  }
}

/** Waits for a flight. The last one who leaves stops it. */
async function join(flight: Flight, host: string, signal: AbortSignal | undefined): Promise<ApiAnswer> {
  flight.waiting += 1
  const left = Promise.withResolvers<never>()
  const leave = () => left.reject(new RegistryError('aborted', `ask ${host}`, `no answer of ${host} in time`))
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([flight.answer, left.promise])
  } finally {
    signal?.removeEventListener('abort', leave)
    flight.waiting -= 1
    if (flight.waiting === 0) flight.stop.abort()
  }
}

function lifetimeOf(outcome: Known['outcome'], immutable: boolean, now: number): number {
  if ('error' in outcome) return lifetimeOfFailure(outcome.error)
  const { status, headers } = outcome.answer.answer
  if (status === 200) return immutable ? lasts.immutable : lasts.yes
  if (status >= 500) return lasts.failure
  const told = status === 429 ? (readRetryAfter(headers, now) ?? 0) * 1_000 : 0
  return Math.min(Math.max(told, lasts.no), lasts.mostThrottled)
}

/** Who gave up says nothing about the registry, and a throttled host says itself until when. */
function lifetimeOfFailure(error: unknown): number {
  const own = error instanceof RegistryError && error.code !== 'aborted' && error.code !== 'throttled'
  return own ? lasts.failure : 0
}

function sizeOf({ outcome }: Known, key: string): number {
  return overhead + key.length + ('answer' in outcome ? outcome.answer.answer.body.length : 0)
}
