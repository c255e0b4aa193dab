import { describe, expect, test } from 'vitest'
import { formatDate } from '../../../src/demo/page/client/text/format-date.ts'

/** 24 November 2025, 02:40:05 UTC. */
const at = 1_763_952_005
const around = { now: at * 1_000 + 8 * 86_400_000, timeZone: 'UTC', hourCycle: 'h23' } as const
const soon = { ...around, now: at * 1_000 + 3_600_000 }

/** https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
describe('a date token', () => {
  test.each([
    ['{date_num}', '2025-11-24'],
    ['{date_slash}', '11/24/2025'],
    ['{date}', 'November 24, 2025'],
    ['{date_short}', 'Nov 24, 2025'],
    ['{date_long}', 'Monday, November 24, 2025'],
    ['{date_long_full}', 'Monday, November 24, 2025'],
    ['{date_pretty}', 'November 24, 2025'],
    ['{date_short_pretty}', 'Nov 24, 2025'],
    ['{day_divider_pretty}', 'November 24, 2025'],
    ['{time}', '02:40'],
    ['{time_secs}', '02:40:05'],
    ['{ago}', '8 days ago'],
    ['since {date_short} at {time}', 'since Nov 24, 2025 at 02:40'],
    ['{unknown} {}', '{unknown} {}'],
  ])('%s is %s', (format, shown) => {
    expect(formatDate(at, format, around)).toBe(shown)
  })

  test.each([
    [3_600_000, 'today', '1 hour ago'],
    [86_400_000, 'yesterday', '1 day ago'],
    [-86_400_000, 'tomorrow', 'in 1 day'],
    [90_000, 'today', '1 minute ago'],
    [5_000, 'today', '5 seconds ago'],
  ])('%i ms later it was %s, %s', (later, day, ago) => {
    expect(formatDate(at, '{date_pretty}, {ago}', { ...around, now: at * 1_000 + later })).toBe(`${day}, ${ago}`)
  })

  test.each([
    ['UTC', 'h23', 'today at 02:40'],
    ['Europe/Stockholm', 'h23', 'today at 03:40'],
    ['America/New_York', 'h12', 'yesterday at 9:40 PM'],
  ] as const)('in %s with %s it is %s', (timeZone, hourCycle, shown) => {
    const now = timeZone === 'America/New_York' ? soon.now + 86_400_000 / 4 : soon.now
    const words = formatDate(at, '{date_short_pretty} at {time}', { now, timeZone, hourCycle })
    expect(words.replaceAll(/\s/g, ' ')).toBe(shown) // some versions of ICU put a narrow space before PM
  })
})
