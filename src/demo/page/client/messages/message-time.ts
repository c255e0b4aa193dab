import { type ComponentChild, h } from 'preact'
import type { Message } from '../../../slack/workspace/records.ts'
import { useDesk } from '../state/desk.ts'
import { pathOf } from '../state/route.ts'
import { formatDate } from '../text/format-date.ts'

interface Props {
  readonly message: Pick<Message, 'channel' | 'ts' | 'threadTs'>
  /** Without AM and PM, for the margin. */
  readonly isShort?: boolean
}

/** When it was written: a link to it. */
export function MessageTime({ message, isShort = false }: Props): ComponentChild {
  const { go } = useDesk()
  const { channel, ts, threadTs } = message
  const at = Number(ts)
  const shown = formatDate(at, '{time}', { now: Date.now() })
  const title = formatDate(at, '{date_long} at {time_secs}', { now: Date.now() })
  const route = { channel, thread: threadTs ?? ts, message: ts }
  function open(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    go(route)
  }
  return h(
    'a',
    { class: 'message-time', href: pathOf(route), title, onClick: open },
    h('time', { dateTime: new Date(at * 1_000).toISOString() }, isShort ? shown.replace(/\s?[AP]M$/, '') : shown),
  )
}
