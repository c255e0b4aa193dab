import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { RegistryError } from '../errors.ts'
import { readRetryAfter } from './limits.ts'

/** Who asks which host. A host counts the requests of each login apart. */
export interface Asker {
  /** As `URL.host` has it. */
  readonly host: string
  /** The login's fingerprint; empty: the request is anonymous. */
  readonly login: string
  /** A quota of pulls counts GET alone, so that HEAD stays possible where GET is not. */
  readonly method: 'GET' | 'HEAD' | 'POST'
}

/** How fast this process asks each host. */
export interface Pace {
  /**
   * Waits until the host may be asked. Throws RegistryError: `throttled`, where the host told us to wait for longer than
   * a diagnosis can, and `aborted`. `request` is for logs.
   */
  turn(asker: Asker, request: string, signal: AbortSignal): Promise<void>
  /** Notes what an answer says about the next request. */
  answered(asker: Asker, status: number, headers: Readonly<Record<string, string>>): void
}

export interface PaceOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Waits that many milliseconds. Rejects when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** One host: requests at once, and requests a second after that. One image with forty layers costs some fifty. */
const bucket = { burst: 200, rate: 50 } as const
/** Milliseconds. A diagnosis waits so long for a host that told us to wait. */
const longestWait = 3_000
const mostHosts = 1_000

/** A token bucket a host, and the times that hosts asked for by Retry-After. */
export function createPace({ now = Date.now, wait = sleepUntil }: PaceOptions = {}): Pace {
  /** By host: the time at which its bucket is full again (generic cell rate algorithm). */
  const full = new LRUCache<string, number>({ max: mostHosts })
  /** By host, login and method: the time before which the host is not asked again. */
  const closed = new LRUCache<string, number>({ max: mostHosts })

  function takeTurn(host: string): number {
    const interval = 1_000 / bucket.rate
    const next = Math.max(full.get(host) ?? 0, now()) + interval
    full.set(host, next)
    return next - bucket.burst * interval - now()
  }

  return {
    async turn(asker, request, signal) {
      const head = closed.get(nameOf({ ...asker, method: 'HEAD' })) ?? 0
      const until = Math.max(head, closed.get(nameOf(asker)) ?? 0)
      const pause = until - now()
      if (pause > longestWait) throw throttled(asker.host, request, until)
      const ms = Math.max(pause, takeTurn(asker.host))
      if (ms <= 0) return
      await wait(ms, signal).catch((cause: unknown) => {
        throw new RegistryError('aborted', request, `no answer of ${asker.host} in time`, { cause })
      })
    },
    answered(asker, status, headers) {
      const seconds = status === 429 || status === 503 ? readRetryAfter(headers, now()) : undefined
      if (seconds) closed.set(nameOf(asker), now() + seconds * 1_000)
    },
  }
}

function nameOf({ host, login, method }: Asker): string {
  return `${method} ${host} ${login}`
}

function throttled(host: string, request: string, until: number): RegistryError {
  const time = new Date(until).toISOString().slice(11, 19)
  const why = `${host} could not be asked from here: it told imagepull to ask no more before ${time} UTC (Retry-After)`
  return new RegistryError('throttled', request, why)
}

async function sleepUntil(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal })
}
