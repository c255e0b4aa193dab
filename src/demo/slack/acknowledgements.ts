import { z } from 'zod'

/** What an app over Socket Mode says to an envelope. */
export interface Acknowledgements {
  /** Resolves with the payload; undefined: there was none. Rejects when the signal aborts first. */
  of(envelopeId: string, signal: AbortSignal): Promise<unknown>
  /** A message of an app. One that acknowledges nothing is ignored. */
  take(message: string): void
}

const schema = z.object({ envelope_id: z.string(), payload: z.unknown().optional() })

export function createAcknowledgements(): Acknowledgements {
  const waiting = new Map<string, (payload: unknown) => void>()
  return {
    of(envelopeId, signal) {
      const answer = Promise.withResolvers<unknown>()
      const stop = (): void => answer.reject(signal.reason)
      waiting.set(envelopeId, answer.resolve)
      signal.addEventListener('abort', stop, { once: true })
      return answer.promise.finally(() => {
        waiting.delete(envelopeId)
        signal.removeEventListener('abort', stop)
      })
    },
    take(message) {
      const parsed = schema.safeParse(parsedOrNot(message))
      if (!parsed.success) return
      const { envelope_id, payload } = parsed.data
      waiting.get(envelope_id)?.(isEmpty(payload) ? undefined : payload)
    },
  }
}

/** Clients send an empty object where there is nothing to say. */
function isEmpty(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && Object.keys(payload).length === 0
}

function parsedOrNot(message: string): unknown {
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}
