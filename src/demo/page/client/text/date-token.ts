import { type ComponentChild, h } from 'preact'
import { useNow } from '../state/use-now.ts'
import { formatDate } from './format-date.ts'
import { WebLink } from './web-link.ts'

interface Props {
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly format: string
  readonly url?: string | undefined
}

/** A moment, in the reader's time zone. */
export function DateToken({ timestamp, format, url }: Props): ComponentChild {
  const now = useNow()
  const at = new Date(timestamp * 1_000)
  if (Number.isNaN(at.getTime())) return h('span', null, format)
  const title = formatDate(timestamp, '{date_long} at {time_secs}', { now })
  const time = h('time', { dateTime: at.toISOString(), title }, formatDate(timestamp, format, { now }))
  return url ? h(WebLink, { url }, time) : time
}
