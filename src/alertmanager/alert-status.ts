export type Status = 'firing' | 'resolved'

/** How senders say that it is over. */
export const overWords = [
  ...['resolved', 'recovered', 'recovery', 'ok', 'okay', 'normal', 'inactive', 'closed', 'cleared', 'clear'],
  ...['solved', 'healthy', 'green', 'success', 'succeeded', 'ended', 'fixed'],
] as const
/** How they say that it goes on. */
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

/** What a status says in a sender's own word; undefined: no word that is known. */
export function statusOfWord(word: string): Status | undefined {
  return words.get(word.trim().toLowerCase())
}
