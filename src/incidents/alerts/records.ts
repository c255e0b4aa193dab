import { createHash } from 'node:crypto'
import { z } from 'zod'
import { records } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import { type Alert, alertSchema } from './alert.ts'

const version = 1

/** All alerts about one object in one cluster. */
const schema = z.object({
  version: z.literal(version),
  cluster: z.string(),
  target: alertSchema.shape.target,
  /** The newest report of each alert, one for each identity. */
  heard: z.array(alertSchema),
  /** When its pod was last read by name and did not fail to pull. */
  looked: z.iso.datetime().optional(),
})
export type AlertGroup = z.infer<typeof schema>

/** Alerts about one object: rules that fire for it at the same time, and posts that reported it one after the other. */
const mostReports = 20
/** Objects in one cluster for which alerts fire at a time. */
const mostFiring = 5_000

/** The known alerts. Each is kept until a newer report replaces it, or until the store drops it. */
export interface AlertRecords {
  /** Adds reports. Their order and number make no difference. It is safe to run again. */
  add(cluster: string, reports: readonly Alert[]): Promise<void>
  /** Lists the alerts that fire in a cluster. */
  firing(cluster: string): Promise<readonly AlertGroup[]>
  /** Records that the pod of an alert was read by name and does not fail to pull. @param at RFC 3339. */
  markChecked(alerts: AlertGroup, at: string): Promise<void>
}

export function alertRecords(store: Store): AlertRecords {
  const kept = records(store, 'alert', { schema, version, substitute: true })

  return {
    async add(cluster, reports) {
      const groups = Map.groupBy(reports, ({ target }) => toId(cluster, target))
      for (const [id, own] of groups) {
        await kept.change(id, (before) => placed(withReports(before ?? emptyGroup(cluster, own[0]), own)))
      }
    },
    firing: async (cluster) => (await kept.list(firingIn(cluster), mostFiring)).records.map(({ value }) => value),
    async markChecked(alerts, at) {
      await kept.change(toId(alerts.cluster, alerts.target), (before) => before && placed({ ...before, looked: at }))
    },
  }
}

/** Places the record in the list of those that fire while at least one alert does. */
function placed(value: AlertGroup): { readonly value: AlertGroup; readonly list?: string } {
  return { value, ...(stillFiring(value).length > 0 && { list: firingIn(value.cluster) }) }
}

function emptyGroup(cluster: string, first: Alert | undefined): AlertGroup {
  return { version, cluster, target: first?.target ?? { about: 'cluster' }, heard: [] }
}

/**
 * Keeps the newest report of each alert; of two reports of one time, the one that says it ended. So reports can come in any
 * order and more than once.
 */
function withReports(before: AlertGroup, reports: readonly Alert[]): AlertGroup {
  const newest = new Map<string, Alert>()
  for (const alert of [...before.heard, ...reports]) {
    const other = newest.get(alert.of)
    if (!other || isNewer(alert, other)) newest.set(alert.of, alert)
  }
  const { looked: _, ...kept } = before
  return {
    ...kept,
    target: reports.reduce((target, alert) => merged(target, alert.target), before.target),
    heard: [...newest.values()].toSorted(newestFirst).slice(0, mostReports),
  }
}

/** Merges the targets of two posts with the same words. */
function merged(one: AlertGroup['target'], other: AlertGroup['target']): AlertGroup['target'] {
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

/** A post about an end does not say how many alerts ended, so `several` is no part of the identity. */
function toId(cluster: string, target: AlertGroup['target']): string {
  const same = target.about === 'words' ? { ...target, several: true } : target
  return createHash('sha256')
    .update(JSON.stringify([cluster, same]))
    .digest('hex')
}

/**
 * Lists the alerts of one object that still fire. A bot that does not edit its posts reports the end in a later post: that
 * post ends the earlier ones of the same rule.
 */
export function stillFiring({ heard }: Pick<AlertGroup, 'heard'>): readonly Alert[] {
  const ends = heard.filter(({ post, firing }) => post && !firing)
  return heard.filter((it) => it.firing && !(it.post && ends.some((end) => isEndedBy(it, end))))
}

function isEndedBy(alert: Alert, end: Alert): boolean {
  return end.name === alert.name && Date.parse(end.since) > Date.parse(alert.since)
}
