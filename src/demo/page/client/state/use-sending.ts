import type { Act } from '../../act.ts'
import type { Outcome } from '../../outcome.ts'
import type { Scene } from '../../scene.ts'
import type { Notice } from '../messages/notice.ts'
import { useDesk } from './desk.ts'
import { sendAct } from './send-act.ts'

/** Sends what was typed; says what Slack would say of it. */
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
  if (outcome.kind === 'cannot') return { ...place, text: outcome.says }
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
