import type { Alert, AlertPost } from './alert.ts'
import type { Alerts } from './alert-records.ts'

/**
 * Which of the alerts of one thing fire. A bot that does not edit its posts says in a later one that it is over: that one
 * counts for those before it, of the same rule.
 */
export function stillFiring({ heard }: Pick<Alerts, 'heard'>): readonly Alert[] {
  const over = heard.filter(({ by, firing }) => by === 'post' && !firing)
  return heard.filter((it) => it.firing && !(it.by === 'post' && over.some((end) => endsBy(it, end))))
}

/** The posts that tell of what fires: not those of before it was over, nor the one that says so. */
export function livePosts({ heard, posts }: Pick<Alerts, 'heard' | 'posts'>): readonly AlertPost[] {
  const ends = heard.filter(({ by, firing }) => by === 'post' && !firing).map(({ since }) => Date.parse(since))
  const over = Math.max(...ends) // of none: minus infinity
  return posts.filter(({ ts }) => Number(ts) * 1_000 > over)
}

function endsBy(alert: Alert, end: Alert): boolean {
  return end.name === alert.name && Date.parse(end.since) > Date.parse(alert.since)
}
