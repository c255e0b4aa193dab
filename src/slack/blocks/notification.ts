import type { Incident } from '../../incidents/incident.ts'
import { fitted } from './fitted.ts'
import { summaryOf } from './summary.ts'

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

function sentenceCase(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase()
}
