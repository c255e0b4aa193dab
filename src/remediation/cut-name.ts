/** Cuts in the middle, where names differ least: what is asked before something is done has to fit 300 characters. */
export function cutName(name: string, limit = 44): string {
  if (name.length <= limit) return name
  const end = Math.floor((limit - 1) / 2)
  return `${name.slice(0, limit - 1 - end)}…${name.slice(-end)}`
}
