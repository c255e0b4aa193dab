export interface DateSurroundings {
  /** Milliseconds since 1970. */
  readonly now: number
  /** Default: the reader's. */
  readonly timeZone?: string
  /** `h12`, `h23`. Default: the reader's. */
  readonly hourCycle?: 'h12' | 'h23'
}

const day = 86_400_000
/** From the largest to the smallest. */
const units = [
  ['day', day],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/**
 * A date token of Slack: text with `{time}` and the like.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function formatDate(timestamp: number, format: string, around: DateSurroundings): string {
  return format.replaceAll(/\{(\w+)\}/g, (token, name: string) => shown(timestamp * 1_000, name, around) ?? token)
}

function shown(at: number, name: string, around: DateSurroundings): string | undefined {
  const base = name.replace(/_pretty$/, '')
  const near = base === name ? undefined : nearDay(at, around)
  switch (base) {
    case 'date_num':
      return numbers(around.timeZone).format(at)
    case 'date_slash':
      return inWords(at, around, { year: 'numeric', month: '2-digit', day: '2-digit' })
    case 'date':
    case 'day_divider':
      return near ?? inWords(at, around, { year: 'numeric', month: 'long', day: 'numeric' })
    case 'date_short':
      return near ?? inWords(at, around, { year: 'numeric', month: 'short', day: 'numeric' })
    case 'date_long':
    case 'date_long_full':
      return near ?? inWords(at, around, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' })
    case 'time':
      return inWords(at, around, { hour: 'numeric', minute: '2-digit' })
    case 'time_secs':
      return inWords(at, around, { hour: 'numeric', minute: '2-digit', second: '2-digit' })
    case 'ago':
      return ago(at, around.now)
    default:
      return undefined
  }
}

/** Formats a date in English with the reader's 12- or 24-hour clock. */
function inWords(at: number, { timeZone, hourCycle }: DateSurroundings, options: Intl.DateTimeFormatOptions): string {
  const cycle = options.hour ? { hourCycle: hourCycle ?? readersCycle } : {}
  return formatter('en', { timeZone, ...cycle, ...options }).format(at)
}

const readersCycle = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions().hourCycle
const formatters = new Map<string, Intl.DateTimeFormat>()

/** Caches formatters, because creating one is expensive. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options])
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options)
  formatters.set(key, known)
  return known
}

/** `2025-11-24` */
function numbers(timeZone: string | undefined): Intl.DateTimeFormat {
  return formatter('sv', { timeZone, dateStyle: 'short' })
}

function nearDay(at: number, { now, timeZone }: DateSurroundings): string | undefined {
  const dayOf = numbers(timeZone)
  const shift = [-1, 0, 1].find((days) => dayOf.format(now + days * day) === dayOf.format(at))
  return shift === undefined ? undefined : (['yesterday', 'today', 'tomorrow'] as const)[shift + 1]
}

function ago(at: number, now: number): string {
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' })
  const [unit, size] = units.find(([, ms]) => Math.abs(at - now) >= ms) ?? ['second', 1_000]
  return words.format(Math.trunc((at - now) / size), unit)
}
