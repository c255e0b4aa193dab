import type { Act } from '../../act.ts'
import type { Suggestion } from '../../scene.ts'
import { readTyped } from './read-typed.ts'
import { type Drafts, useDrafts } from './use-drafts.ts'

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

/** What becomes of what there is to try. */
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
