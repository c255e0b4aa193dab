import type { Block, KnownBlock } from '@slack/types'
import type { Wanted } from './desired.ts'
import type { Thread, ThreadMessage } from './record.ts'

/** What follows a step: the next one at once, the next one after `ms` milliseconds, or none. */
export type Next = { readonly do: 'continue' } | { readonly do: 'wait'; readonly ms: number } | { readonly do: 'idle' }

/** The one thing to do next so that a thread becomes what it should be. */
export type Step =
  | { readonly do: 'post'; readonly message: Wanted }
  /** A post whose answer was lost: look for it before another is made. */
  | { readonly do: 'find'; readonly message: Wanted; readonly nonce: string; readonly since: Date }
  | { readonly do: 'edit'; readonly message: Wanted; readonly ts: string }
  /** Findings that are no longer the newest lose their buttons. */
  | {
      readonly do: 'retire'
      readonly key: string
      readonly ts: string
      readonly text: string
      readonly blocks: readonly (KnownBlock | Block)[]
    }
  /** Something is to be edited, but not yet. */
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'idle' }

/** Milliseconds between edits of different stages: the mark of the root changes at once. */
const stagePause = 1_200

/** Posts in the order of the thread come first, then edits. Pure. */
export function nextStep(all: readonly Wanted[], { messages }: Thread, now: Date): Step {
  const wanted = all.filter(({ key }) => !messages[key]?.lost)
  const missing = wanted.find(({ key }) => !messages[key]?.ts)
  if (missing) return post(missing, messages[missing.key])
  const old = Object.entries(messages).find(([key, message]) => hasButtons(key, message) && !isWanted(wanted, key))
  if (old) return retire(...old)
  const waits = wanted.flatMap((message) => waitOf(message, messages[message.key], now))
  const [soonest] = waits.toSorted((a, b) => a.ms - b.ms)
  if (!soonest) return { do: 'idle' }
  return soonest.ms > 0 ? { do: 'wait', ms: soonest.ms } : { do: 'edit', message: soonest.message, ts: soonest.ts }
}

function post(message: Wanted, shown: ThreadMessage | undefined): Step {
  if (!shown?.attempt) return { do: 'post', message }
  return { do: 'find', message, nonce: shown.attempt.nonce, since: new Date(shown.attempt.at) }
}

function hasButtons(key: string, { ts, lost, blocks = [] }: ThreadMessage): boolean {
  return !lost && isPressable(key) && ts !== undefined && blocks.some(({ type }) => type === 'actions')
}

function isWanted(wanted: readonly Wanted[], key: string): boolean {
  return wanted.some((message) => message.key === key)
}

function retire(key: string, { ts = '', text, blocks = [] }: ThreadMessage): Step {
  return { do: 'retire', key, ts, text, blocks: blocks.filter(({ type }) => type !== 'actions') }
}

interface Due {
  readonly message: Wanted
  readonly ts: string
  readonly ms: number
}

function waitOf(message: Wanted, shown: ThreadMessage | undefined, now: Date): readonly Due[] {
  if (!shown?.ts || shown.digest === message.digest) return []
  const pause = shown.stage === message.stage ? message.pause : Math.min(message.pause, stagePause)
  const since = shown.shownAt ? now.getTime() - Date.parse(shown.shownAt) : Number.POSITIVE_INFINITY
  return [{ message, ts: shown.ts, ms: Math.max(0, pause - since) }]
}

/** Messages, by their keys, that may have buttons: what was shown of them is kept, so that those can be taken away. */
export function isPressable(key: string): boolean {
  return key.startsWith('findings-') || key.startsWith('action-')
}
