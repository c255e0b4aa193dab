export type Status = 'firing' | 'resolved'

/** Words of senders for an alert that is over. */
export const overWords = [
  ...['resolved', 'recovered', 'recovery', 'ok', 'okay', 'normal', 'inactive', 'closed', 'cleared', 'clear'],
  ...['solved', 'healthy', 'green', 'success', 'succeeded', 'ended', 'fixed'],
] as const
/** Words of senders for an alert that fires. */
export const firingWords = [
  ...[
    'firing',
    'fired',
    'alerting',
    'alert',
    'triggered',
    'trigger',
    'active',
    'activated',
    'open',
    'opened',
    'problem',
  ],
  ...['pending', 'failing', 'failed', 'unhealthy', 'red', 'down', 'critical', 'warning', 'error', 'ongoing', 'new'],
] as const

const words: ReadonlyMap<string, Status> = new Map([
  ...overWords.map((it) => [it, 'resolved'] as const),
  ...firingWords.map((it) => [it, 'firing'] as const),
])

/** Reads a status in a sender's own word. undefined: the word is unknown. */
export function statusOfWord(word: string): Status | undefined {
  return words.get(word.trim().toLowerCase())
}
