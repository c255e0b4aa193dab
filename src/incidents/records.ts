import { createHash, randomInt } from 'node:crypto'
import { z } from 'zod'
import { records, unreadableAsNone } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Failure } from './failure.ts'
import { type Incident, incidentSchema, incidentVersion } from './incident.ts'
import { belongsTo, possibleKeys } from './key.ts'
import { isOver } from './transition.ts'

const keyVersion = 1
const keySchema = z.object({ version: z.literal(keyVersion), incident: z.string() })

/** The number of open incidents of one cluster that are read. A cluster with more would have no working image at all. */
const openLimit = 500

/**
 * The records of incidents, and the index by what they are about. An unreadable record counts as absent, and is left as
 * it is.
 */
export interface IncidentRecords {
  read(id: string): Promise<Incident | undefined>
  /** Lists the incidents of a cluster that have not ended, the oldest first. */
  open(cluster: string): Promise<readonly Incident[]>
  /**
   * Returns the open incident that a failure is a part of. Without one, it returns the newest that ended and was
   * announced.
   */
  lastOf(failure: Failure): Promise<Incident | undefined>
  /**
   * Writes a new incident, unless an open incident already has its key. Returns that one, or the new one, whose id may
   * differ.
   */
  create(incident: Incident): Promise<Incident>
  /** Changes an incident with compare-and-set. `step` may run again. undefined: there is no such incident. */
  change(id: string, step: (before: Incident) => Incident): Promise<Incident | undefined>
  /** Puts the incident's key into the index. Returns the open incident that has the key: this one, or another one. */
  claim(incident: Incident): Promise<Incident>
}

export function incidentRecords(store: Store, newId: () => string = incidentId): IncidentRecords {
  const incidents = records(store, 'incident', { schema: incidentSchema, version: incidentVersion })
  const keys = records(store, 'incident-key', { schema: keySchema, version: keyVersion, substitute: true })

  async function create(incident: Incident): Promise<Incident> {
    // It is listed as open only after it has its key, so a process that is killed in between leaves nothing that anybody sees.
    const written = await write(incident)
    const holder = await claim(written)
    if (holder.id !== written.id) return holder
    return (await change(written.id, (before) => before)) ?? holder
  }

  /** Writes it under another id if the id belongs to an incident of something else, readable or not. */
  async function write(incident: Incident): Promise<Incident> {
    const written = await incidents
      .change(incident.id, (before) => (before ? undefined : { value: incident }))
      .catch(unreadableAsNone)
    if (written && isSameBeginning(written, incident)) return written
    return write({ ...incident, id: newId() })
  }

  async function change(id: string, step: (before: Incident) => Incident): Promise<Incident | undefined> {
    const edit = (before: Incident | undefined) => {
      if (!before) return undefined
      const value = step(before)
      return { value, ...(!isOver(value) && { list: openList(value.cluster) }) }
    }
    return incidents.change(id, edit).catch(unreadableAsNone)
  }

  async function claim(incident: Incident): Promise<Incident> {
    const id = toId(incident.key)
    for (;;) {
      const holder = (await keys.read(id))?.incident
      const other = holder && holder !== incident.id ? await incidents.find(holder) : undefined
      if (other && !isOver(other) && other.key === incident.key) return other
      const value = { version: keyVersion, incident: incident.id } as const
      const now = await keys.change(id, (before) => (before?.incident === holder ? { value } : undefined))
      if (now?.incident === incident.id) return incident
    }
  }

  async function lastOf(failure: Failure): Promise<Incident | undefined> {
    const found = await Promise.all(
      possibleKeys(failure).map(async (key) => {
        const holder = await keys.read(toId(key))
        return holder && incidents.find(holder.incident)
      }),
    )
    return found
      .flatMap((it) => (it && it.state !== 'quiet' && it.state !== 'joined' && belongsTo(failure, it) ? [it] : []))
      .toSorted((a, b) => Number(isOver(a)) - Number(isOver(b)) || Date.parse(b.openedAt) - Date.parse(a.openedAt))[0]
  }

  return {
    lastOf,
    read: incidents.find,
    open: async (cluster) => (await incidents.list(openList(cluster), openLimit)).records.map(({ value }) => value),
    create,
    change,
    claim,
  }
}

/** Milliseconds within which one question is retried. Requests are kept no longer. */
const askedAgain = 60 * 60_000

/**
 * Tells whether both are the same beginning, which was interrupted and is run again. Two different incidents with the
 * same id differ in all of this.
 */
function isSameBeginning(one: Incident, other: Incident): boolean {
  const close = Math.abs(Date.parse(one.openedAt) - Date.parse(other.openedAt)) < askedAgain
  const same = one.cluster === other.cluster && one.channel === other.channel
  return close && same && one.subject.workload.key === other.subject.workload.key
}

function openList(cluster: string): string {
  return `open ${cluster}`
}

/** A key may be longer than an id, and contain any character. */
function toId(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

// Without 0, 1, I, L, O and U, which are easily confused or form words. https://www.crockford.com/base32.html
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 5

/** Makes an id that is short enough to say aloud. There are 24 million, so a new id is rarely taken. */
export function incidentId(random: (below: number) => number = randomInt): string {
  return Array.from({ length }, () => letters[random(letters.length)]).join('')
}
