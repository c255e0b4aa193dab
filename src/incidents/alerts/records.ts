import { createHash } from 'node:crypto'
import { z } from 'zod'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import { type Alert, alertSchema } from './alert.ts'

const version = 1

/** Everything that is told of one thing in one cluster. */
const schema = z.object({
  version: z.literal(version),
  cluster: z.string(),
  target: alertSchema.shape.target,
  /** By the alert's identity: the newest telling of each. */
  heard: z.array(alertSchema),
  /** When its pod was last asked for by name: it is gone, or has pulled its images. */
  looked: z.iso.datetime().optional(),
})
export type Alerts = z.infer<typeof schema>

/** Alerts of one thing: rules that fire for it at the same time, and posts that told of it one after the other. */
const mostHeard = 20
/** Things that fire at a time, in one cluster. */
const mostFiring = 5_000

/** What Alertmanager and posts told, kept until it is told again or forgotten. */
export interface AlertRecords {
  /** Adds what was told. The order and the number of tellings make no difference. Safe to run again. */
  hear(cluster: string, told: readonly Alert[]): Promise<void>
  /** What fires in a cluster. */
  firing(cluster: string): Promise<readonly Alerts[]>
  /** Its pod was asked for by name, and does not fail to pull. */
  looked(alerts: Alerts, at: string): Promise<void>
}

export function alertRecords(store: Store): AlertRecords {
  const kept = records(store, 'alert', { schema, version, substitute: true })

  async function hear(cluster: string, told: readonly Alert[]): Promise<void> {
    const things = Map.groupBy(told, ({ target }) => idOf(cluster, target))
    for (const [id, of] of things) {
      await kept.change(id, (before) => {
        const value = heard(before ?? nothing(cluster, of[0]), of)
        return { value, ...listed(value) }
      })
    }
  }

  return {
    hear,
    firing: async (cluster) => (await kept.list(firingIn(cluster), mostFiring)).records.map(({ value }) => value),
    async looked(alerts, at) {
      await kept.change(idOf(alerts.cluster, alerts.target), (before) => {
        if (!before) return undefined
        const value = { ...before, looked: at }
        return { value, ...listed(value) }
      })
    },
  }
}

/** Still said to be so, by one alert at least. */
function listed(alerts: Alerts): { readonly list?: string } {
  return stillFiring(alerts).length > 0 ? { list: firingIn(alerts.cluster) } : {}
}

function nothing(cluster: string, first: Alert | undefined): Alerts {
  return { version, cluster, target: first?.target ?? { about: 'cluster' }, heard: [] }
}

/** For each alert the newest telling; of one time the end; the newest of all. So any order and multiplicity comes to the same. */
function heard(before: Alerts, told: readonly Alert[]): Alerts {
  const newest = new Map<string, Alert>()
  for (const alert of [...before.heard, ...told]) {
    const other = newest.get(alert.of)
    if (!other || isNewer(alert, other)) newest.set(alert.of, alert)
  }
  const { looked: _, ...kept } = before
  return {
    ...kept,
    target: told.reduce((target, alert) => both(target, alert.target), before.target),
    heard: [...newest.values()].toSorted(newestFirst).slice(0, mostHeard),
  }
}

/** Of two posts with the same words. */
function both(one: Alerts['target'], other: Alerts['target']): Alerts['target'] {
  if (one.about !== 'words' || other.about !== 'words') return one
  return { ...one, several: one.several || other.several }
}

function isNewer(alert: Alert, other: Alert): boolean {
  if (alert.since !== other.since) return Date.parse(alert.since) > Date.parse(other.since)
  return other.firing && !alert.firing
}

function newestFirst(a: Alert, b: Alert): number {
  return Date.parse(b.since) - Date.parse(a.since) || (a.of < b.of ? -1 : a.of > b.of ? 1 : 0)
}

function firingIn(cluster: string): string {
  return `firing ${cluster}`
}

/** A post that tells of an end does not say of how many: the words alone are what it is about. */
function idOf(cluster: string, target: Alerts['target']): string {
  const same = target.about === 'words' ? { ...target, several: true } : target
  return createHash('sha256')
    .update(JSON.stringify([cluster, same]))
    .digest('hex')
}

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
