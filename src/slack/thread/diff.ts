import type { Block, KnownBlock } from '@slack/types'
import type { DesiredMessage } from './desired.ts'
import type { Thread, ThreadMessage } from './record.ts'

/** What follows a step: the next one at once, the next one after `ms` milliseconds, or none. */
export type Next = { readonly do: 'continue' } | { readonly do: 'wait'; readonly ms: number } | { readonly do: 'idle' }

/** The next step that brings a thread closer to its desired messages. */
export type Step =
  | { readonly do: 'post'; readonly message: DesiredMessage }
  /** A post whose answer was lost: it is searched for before another one is made. */
  | { readonly do: 'find'; readonly message: DesiredMessage; readonly nonce: string; readonly since: Date }
  | { readonly do: 'edit'; readonly message: DesiredMessage; readonly ts: string }
  /** Findings that are no longer the newest lose their buttons. */
  | {
      readonly do: 'retire'
      readonly key: string
      readonly ts: string
      readonly text: string
      readonly blocks: readonly (KnownBlock | Block)[]
    }
  /** An edit is due in `ms` milliseconds. */
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'idle' }

/** Milliseconds between edits of different stages, so that the root's mark changes at once. */
const stagePause = 1_200

/** Returns the next step: posts in the order of the thread come first, then edits. Pure. */
export function nextStep(all: readonly DesiredMessage[], { messages }: Thread, now: Date): Step {
  const desired = all.filter(({ key }) => !messages[key]?.lost)
  const missing = desired.find(({ key }) => !messages[key]?.ts)
  if (missing) return post(missing, messages[missing.key])
  const old = Object.entries(messages).find(([key, message]) => hasButtons(key, message) && !isDesired(desired, key))
  if (old) return retire(...old)
  const waits = desired.flatMap((message) => findDue(message, messages[message.key], now))
  const [soonest] = waits.toSorted((a, b) => a.ms - b.ms)
  if (!soonest) return { do: 'idle' }
  return soonest.ms > 0 ? { do: 'wait', ms: soonest.ms } : { do: 'edit', message: soonest.message, ts: soonest.ts }
}

function post(message: DesiredMessage, shown: ThreadMessage | undefined): Step {
  if (!shown?.attempt) return { do: 'post', message }
  return { do: 'find', message, nonce: shown.attempt.nonce, since: new Date(shown.attempt.at) }
}

function hasButtons(key: string, { ts, lost, blocks = [] }: ThreadMessage): boolean {
  return !lost && isPressable(key) && ts !== undefined && blocks.some(({ type }) => type === 'actions')
}

function isDesired(desired: readonly DesiredMessage[], key: string): boolean {
  return desired.some((message) => message.key === key)
}

function retire(key: string, { ts = '', text, blocks = [] }: ThreadMessage): Step {
  return { do: 'retire', key, ts, text, blocks: blocks.filter(({ type }) => type !== 'actions') }
}

interface Due {
  readonly message: DesiredMessage
  readonly ts: string
  readonly ms: number
}

function findDue(message: DesiredMessage, shown: ThreadMessage | undefined, now: Date): readonly Due[] {
  if (!shown?.ts || shown.digest === message.digest) return []
  const pause = shown.stage === message.stage ? message.pause : Math.min(message.pause, stagePause)
  const since = shown.shownAt ? now.getTime() - Date.parse(shown.shownAt) : Number.POSITIVE_INFINITY
  return [{ message, ts: shown.ts, ms: Math.max(0, pause - since) }]
}

/** Tells by its key whether a message can have buttons. Its blocks are kept so that the buttons can be removed later. */
export function isPressable(key: string): boolean {
  return key.startsWith('findings-') || key.startsWith('action-')
}
