import { z } from 'zod'

const milliseconds: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const allowed = 'a number and its unit, such as 30s, 5m, 12h or 30d'

/** `30m`, read into milliseconds. Both limits are durations themselves and are allowed. */
export function duration({ least, most }: { readonly least: string; readonly most: string }) {
  const error = `must be ${allowed}, from ${least} to ${most}`
  const range = { least: inMilliseconds(least) ?? 0, most: inMilliseconds(most) ?? Number.POSITIVE_INFINITY }
  return z.string({ error }).transform((text, context) => {
    const value = inMilliseconds(text)
    if (value !== undefined && value >= range.least && value <= range.most) return value
    context.addIssue({ code: 'custom', message: error, input: text })
    return z.NEVER
  })
}

function inMilliseconds(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const each = milliseconds[unit]
  return each === undefined ? undefined : Number(count) * each
}
