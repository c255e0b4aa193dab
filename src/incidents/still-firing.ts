import type { Alert } from './alert.ts'
import type { Alerts } from './alert-records.ts'

/**
 * Which of the alerts of one thing fire. A bot that does not edit its posts says in a later one that it is over: that one
 * counts for those before it, of the same rule.
 */
export function stillFiring({ heard }: Pick<Alerts, 'heard'>): readonly Alert[] {
  const over = heard.filter(({ post, firing }) => post && !firing)
  return heard.filter((it) => it.firing && !(it.post && over.some((end) => endsBy(it, end))))
}

function endsBy(alert: Alert, end: Alert): boolean {
  return end.name === alert.name && Date.parse(end.since) > Date.parse(alert.since)
}
