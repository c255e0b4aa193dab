import type { Incident } from '../../incidents/incident.ts'
import { visible } from '../../text.ts'
import { shorten } from './shorten.ts'
import { summaryOf } from './summary.ts'

/** Characters of a post's `text`: what a phone shows of a notification. */
export const notificationLimit = 100

/** The `text` of a post about an incident: cause, subject, impact, since when, cluster. Safe as mrkdwn. */
export function notification(incident: Incident): string {
  const { subject, impact, word } = summaryOf(incident)
  const since = `${new Date(incident.since).toISOString().slice(11, 16)} UTC`
  const title = incident.verdicts.at(-1)?.title
  const { cluster } = incident
  switch (incident.state) {
    case 'checking':
      return fitted((name) => `Checking ${name}. ${cluster}`, subject)
    case 'open':
      return fitted(
        (name) => `${title}: ${name}. ${impact}${impact.includes('DOWN') ? ` since ${since}` : ''}. ${cluster}`,
        subject,
      )
    case 'fixed':
    case 'quiet':
      return fitted((name) => `Fixed: ${name}${impact ? `, ${impact}` : ''}. ${cluster}`, subject)
    default:
      return fitted((name) => `${sentenceCase(word)}: ${name}. ${cluster}`, subject)
  }
}

/** The subject gives way first; then the end, which is the cluster. */
function fitted(sentence: (subject: string) => string, subject: string): string {
  const room = notificationLimit - escaped(sentence('')).length
  const whole = escaped(sentence(shorten(subject, Math.max(12, room))))
  return whole.length <= notificationLimit ? whole : `${whole.slice(0, notificationLimit - 1)}…`
}

/** https://docs.slack.dev/messaging/formatting-message-text/#escaping: these three, and so no mention and no link. */
function escaped(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function sentenceCase(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase()
}
