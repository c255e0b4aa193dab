/** As Go writes it: `47ms`, `1.234s`, `1m20s`. */
export function goDuration(ms: number): string {
  const whole = Math.round(ms)
  if (whole < 1_000) return `${whole}ms`
  const minutes = Math.floor(whole / 60_000)
  const seconds = (whole % 60_000) / 1_000
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}
