import type { ComponentChild, ComponentChildren, ComponentProps } from 'preact'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Icon } from '../elements/icon.tsx'
import { useNow } from '../state/attention.ts'
import { formatDate } from '../text/format-date.ts'
import type { Item, Replies } from './items.ts'
import { EphemeralRow, NoticeRow } from './private.tsx'
import { MessageRow } from './row.tsx'

interface Props {
  readonly label: string
  readonly items: readonly Item[]
  readonly in: 'channel' | 'thread'
  /** The ts of the message that a link led to. */
  readonly marked?: string | undefined
  readonly replies?: ReadonlyMap<string, Replies> | undefined
  /** What stands above the first message. */
  readonly head?: ComponentChildren
  /** What stands below the last one. */
  readonly foot?: ComponentChildren
}

/** Pixels from the end within which the list scrolls to new messages. */
const near = 80

/** A list of messages, oldest first. It follows new messages while the reader is at the end, and offers to jump there otherwise. */
export function MessageList({ label, items, in: where, marked, replies, head, foot }: Props): ComponentChild {
  const { list, isBehind, follow, toEnd } = useFollowing(items, marked && `${where}-${marked}`)
  const rows = items.map((item) => <Row key={item.key} item={item} in={where} marked={marked} replies={replies} />)
  return (
    <div
      class="message-list"
      ref={list}
      onScroll={follow}
      onKeyDown={walk}
      role="log"
      aria-live="off"
      aria-label={label}
      tabIndex={0}
    >
      <div class="message-rows">
        {head}
        {rows}
        {foot}
      </div>
      {isBehind && (
        <button type="button" class="newer" onClick={toEnd}>
          <Icon name="down" />
          {'New messages'}
        </button>
      )}
    </div>
  )
}

/** Arrow keys move between messages, beginning with the last one. */
function walk(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement // what listens
  const from = document.activeElement
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
  if (step === undefined || !(from === list || from?.matches('.message'))) return
  const rows = [...list.querySelectorAll<HTMLElement>('.message')]
  const at = from === list ? rows.length : rows.indexOf(from as HTMLElement)
  event.preventDefault()
  rows[Math.max(0, Math.min(at + step, rows.length - 1))]?.focus()
}

function useFollowing(items: readonly Item[], marked: string | undefined) {
  const list = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const [isBehind, setBehind] = useState(false)
  const last = items.at(-1)?.key

  function toEnd(): void {
    if (list.current) list.current.scrollTop = list.current.scrollHeight
  }

  useLayoutEffect(() => {
    if (isAtEnd.current) toEnd()
  }, [items])
  useLayoutEffect(() => {
    if (!isAtEnd.current) setBehind(true)
  }, [last])
  useLayoutEffect(() => {
    const row = marked ? document.getElementById(marked) : null
    row?.scrollIntoView({ block: 'center' })
  }, [marked])

  function follow(): void {
    if (!list.current) return
    const { scrollTop, clientHeight, scrollHeight } = list.current
    isAtEnd.current = scrollTop + clientHeight >= scrollHeight - near
    if (isAtEnd.current) setBehind(false)
  }
  return { list, isBehind, follow, toEnd }
}

/** Memoises a row, because most messages of a long thread do not change. */
function Kept(props: ComponentProps<typeof MessageRow>): ComponentChild {
  const { message, isContinued, isMarked, in: where, replies } = props
  return useMemo(
    () => <MessageRow {...props} />,
    [message, isContinued, isMarked, where, replies?.latest, replies?.count],
  )
}

interface RowProps extends Pick<Props, 'in' | 'marked' | 'replies'> {
  readonly item: Item
}

function Row({ item, in: where, marked, replies }: RowProps): ComponentChild {
  switch (item.kind) {
    case 'day':
      return <DayLine at={item.at} />
    case 'ephemeral':
      return <EphemeralRow {...item} />
    case 'notice':
      return <NoticeRow {...item} />
    case 'message': {
      const { message, isContinued } = item
      return (
        <Kept
          message={message}
          isContinued={isContinued}
          isMarked={message.ts === marked}
          in={where}
          replies={replies?.get(message.ts)}
        />
      )
    }
  }
}

/** A line between two days. `at`: seconds since 1970. */
function DayLine({ at }: { readonly at: number }): ComponentChild {
  const words = formatDate(at, '{day_divider_pretty}', { now: useNow() })
  return (
    <div class="day-line" role="separator">
      <span>{words}</span>
    </div>
  )
}
