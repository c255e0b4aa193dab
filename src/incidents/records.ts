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

/** Open incidents of one cluster that are looked at: more would be a cluster without any image. */
const openLimit = 500

/** The records of incidents, and the index by what they are about. One that cannot be read is as none, and is left as it is. */
export interface IncidentRecords {
  read(id: string): Promise<Incident | undefined>
  /** Those of a cluster that are not over, the oldest first. */
  open(cluster: string): Promise<readonly Incident[]>
  /** The open one that a failure is a part of; else the newest that it was. One that nobody was told of is none. */
  lastOf(failure: Failure): Promise<Incident | undefined>
  /** Writes a new one, unless an open incident has its key already: then that one comes back. Its id may be another. */
  create(incident: Incident): Promise<Incident>
  /** Compare-and-set; `step` may run again. undefined: there is no such incident. */
  change(id: string, step: (before: Incident) => Incident): Promise<Incident | undefined>
  /** Makes the key lead to this incident. Comes back with the open incident that has it: this one, or the other. */
  claim(incident: Incident): Promise<Incident>
}

export function incidentRecords(store: Store, newId: () => string = incidentId): IncidentRecords {
  const incidents = records(store, 'incident', { schema: incidentSchema, version: incidentVersion })
  const keys = records(store, 'incident-key', { schema: keySchema, version: keyVersion, substitute: true })

  async function create(incident: Incident): Promise<Incident> {
    // Not among the open ones until it has its key: a process that ends in between leaves nothing that anybody sees.
    const written = await write(incident)
    const holder = await claim(written)
    if (holder.id !== written.id) return holder
    return (await change(written.id, (before) => before)) ?? holder
  }

  /** Under another id where an incident of something else has it, whether it can be read or not. */
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
      return { value, ...(!isOver(value) && { list: openOf(value.cluster) }) }
    }
    return incidents.change(id, edit).catch(unreadableAsNone)
  }

  async function claim(incident: Incident): Promise<Incident> {
    const id = idOf(incident.key)
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
        const holder = await keys.read(idOf(key))
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
    open: async (cluster) => (await incidents.list(openOf(cluster), openLimit)).records.map(({ value }) => value),
    create,
    change,
    claim,
  }
}

/** Milliseconds within which one question is asked again: requests are kept no longer. */
const askedAgain = 60 * 60_000

/** One beginning that was interrupted, and is run again. Two incidents that only share an id have nothing of this in common. */
function isSameBeginning(one: Incident, other: Incident): boolean {
  const close = Math.abs(Date.parse(one.openedAt) - Date.parse(other.openedAt)) < askedAgain
  const same = one.cluster === other.cluster && one.channel === other.channel
  return close && same && one.subject.workload.key === other.subject.workload.key
}

function openOf(cluster: string): string {
  return `open ${cluster}`
}

/** A key may be longer than an id, and hold any character. */
function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

// Without 0, 1, I, L, O and U: neither mistaken for another nor part of a word. https://www.crockford.com/base32.html
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 5

/** Short enough to say aloud; 24 million of them, so that a writer who expects none of that id rarely tries twice. */
export function incidentId(random: (below: number) => number = randomInt): string {
  return Array.from({ length }, () => letters[random(letters.length)]).join('')
}
