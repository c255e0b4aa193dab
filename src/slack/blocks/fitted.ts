import { visible } from '../../text.ts'
import { shorten } from './shorten.ts'

/** Characters of a post's `text`: what a phone shows of a notification. */
export const notificationLimit = 100

/** A sentence about a subject that fits a notification: the subject gives way first; then the end, which is the cluster. */
export function fitted(sentence: (subject: string) => string, subject: string): string {
  const room = notificationLimit - escaped(sentence('')).length
  const whole = escaped(sentence(shorten(subject, Math.max(12, room))))
  return whole.length <= notificationLimit ? whole : `${whole.slice(0, notificationLimit - 1)}…`
}

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping: these three, and so no mention and no link. */
function escaped(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
