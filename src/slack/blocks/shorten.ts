/** Cuts in the middle, where names differ least: `cortex-chat-ba…5d9cf86b95-26kvf`. Counts characters, not bytes. */
export function shorten(name: string, limit: number): string {
  const letters = [...name]
  if (letters.length <= limit) return name
  const end = endKept(name, limit)
  return `${letters.slice(0, limit - end - 1).join('')}…${end > 0 ? letters.slice(-end).join('') : ''}`
}

/** What tells one from another stands last: a tag, a digest's beginning, a pod's hashes. At most two thirds of the room. */
function endKept(name: string, limit: number): number {
  const most = Math.floor((limit * 2) / 3)
  const [last] = /(?::[\w][\w.-]*|-[a-z0-9]{1,10}-[a-z0-9]{5}|-[a-z0-9]+)$/i.exec(name) ?? ['']
  return Math.min(most, Math.max(last.length, Math.floor(limit / 3)))
}
