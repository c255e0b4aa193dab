import { useMemo } from 'preact/hooks'
import type { Act } from '../../acts.ts'
import type { Outcome, Scene, Suggestion } from '../../scene.ts'
import { type Desk, useDesk } from './desk.ts'
import type { Notice } from './notices.ts'
import { readTyped } from './read-typed.ts'
import { type Drafts, useDrafts } from './scene.ts'

/** Returns the function that sends a typed text. It shows the notices that Slack would show. */
export function useSending(scene: Scene, tell: (notice: Omit<Notice, 'id'>) => void): (act: Act) => Promise<void> {
  const { expectThread } = useDesk()
  return async (act) => {
    if (act.act === 'command') expectThread({ channel: act.channel })
    const outcome = await sendAct(act)
    if (act.act === 'mention' && !act.thread && outcome.kind === 'done')
      expectThread({ channel: act.channel, own: outcome.ts })
    const notice = noticeOf(act, outcome, scene)
    if (notice) tell(notice)
  }
}

function noticeOf(
  act: Act,
  outcome: Outcome,
  { messages, ephemerals, channels, bot }: Scene,
): Omit<Notice, 'id'> | undefined {
  if (!('channel' in act)) return undefined
  const { channel } = act
  const ts =
    [messages.at(-1)?.ts, ephemerals.at(-1)?.ts, nowTs()]
      .map((each) => each ?? '')
      .toSorted()
      .at(-1) ?? ''
  const place = { channel, ts, ...('thread' in act && act.thread && { thread: act.thread }) }
  const isAway = !channels.find(({ id }) => id === channel)?.members.includes(bot.userId)
  if (outcome.kind === 'cannot') return { ...place, text: outcome.message }
  if (outcome.kind === 'failed') {
    const what = act.act === 'command' ? `${act.command} ` : 'That '
    return { ...place, text: `${what}failed with the error “${outcome.error}”.` }
  }
  if (act.act !== 'mention' || !isAway) return undefined
  const offer = { label: 'Invite them', act: { act: 'invite', channel } } as const
  return { ...place, text: `You mentioned @${bot.name}, but they’re not in this channel.`, offer }
}

function nowTs(): string {
  return (Date.now() / 1_000).toFixed(6)
}

interface Where {
  readonly channel: string
  readonly bot: string
  send(act: Act): void
}

interface Trying {
  readonly drafts: Drafts
  readonly orders: number
  /** Sends it as if it had been typed in the channel. */
  onSend(suggestion: Suggestion): void
  /** Puts it into the channel's composer. */
  onFill(suggestion: Suggestion): void
}

/** Returns the actions of suggestions. */
export function useTrying({ channel, bot, send }: Where): Trying {
  const { drafts, orders, order } = useDrafts()
  return {
    drafts,
    orders,
    onSend({ text }) {
      const typed = readTyped(text, { channel, bot })
      if (typed?.kind === 'act') send(typed.act)
    },
    onFill: ({ text }) => order(channel, text),
  }
}

/** Never rejects. */
async function sendAct(act: Act): Promise<Outcome> {
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch('/acts', { method: 'POST', headers, body: JSON.stringify(act) })
    if (response.ok) return (await response.json()) as Outcome // of our own server
    return { kind: 'cannot', message: `The demo answered ${response.status}.` }
  } catch {
    return { kind: 'cannot', message: 'The demo does not answer. Is it still running?' }
  }
}

/** Makes the desk of a scene. It stays the same object while only messages change. */
export function useDeskOf(scene: Scene, { go, say, expectThread }: Pick<Desk, 'go' | 'say' | 'expectThread'>): Desk {
  const { viewer, team, bot, users, usergroups, channels, shortcuts } = scene
  return useMemo(
    () => ({
      viewer,
      team,
      bot,
      users: byId(users),
      usergroups: byId(usergroups),
      channels: byId(channels),
      shortcuts,
      act: sendAct,
      go,
      say,
      expectThread,
    }),
    [viewer, team, bot, users, usergroups, channels, shortcuts, go, say, expectThread],
  )
}

function byId<Value extends { readonly id: string }>(values: readonly Value[]): ReadonlyMap<string, Value> {
  return new Map(values.map((value) => [value.id, value]))
}
