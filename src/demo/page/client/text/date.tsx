import type { ComponentChild } from 'preact'
import { useNow } from '../state/attention.ts'
import { formatDate } from './format-date.ts'
import { WebLink } from './link.tsx'

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
  if (Number.isNaN(at.getTime())) return <span>{format}</span>
  const title = formatDate(timestamp, '{date_long} at {time_secs}', { now })
  const time = (
    <time dateTime={at.toISOString()} title={title}>
      {formatDate(timestamp, format, { now })}
    </time>
  )
  return url ? <WebLink url={url}>{time}</WebLink> : time
}
