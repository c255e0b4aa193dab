import { createHash } from 'node:crypto'
import { z } from 'zod'
import { records } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { belongsTo } from './belongs-to.ts'
import type { Failure } from './failure.ts'
import { type Incident, incidentSchema, incidentVersion } from './incident.ts'
import { possibleKeys } from './subject-key.ts'
import { isOver } from './transition.ts'

const keyVersion = 1
const keySchema = z.object({ version: z.literal(keyVersion), incident: z.string() })

/** Open incidents of one cluster that are looked at: more would be a cluster without any image. */
const openLimit = 500

/** The records of incidents, and the index by what they are about. */
export interface IncidentRecords {
  read(id: string): Promise<Incident | undefined>
  /** Those of a cluster that are not over, the oldest first. */
  open(cluster: string): Promise<readonly Incident[]>
  /** The open one that a failure is a part of; else the newest that it was. One that nobody was told of is none. */
  lastOf(failure: Failure): Promise<Incident | undefined>
  /** Writes a new one, unless an open incident has its key already: then that one comes back. */
  create(incident: Incident): Promise<Incident>
  /** Compare-and-set; `step` may run again. undefined: there is no such incident. */
  change(id: string, step: (before: Incident) => Incident): Promise<Incident | undefined>
  /** Makes the key lead to this incident. Comes back with the open incident that has it: this one, or the other. */
  claim(incident: Incident): Promise<Incident>
}

export function incidentRecords(store: Store): IncidentRecords {
  const incidents = records(store, 'incident', { schema: incidentSchema, version: incidentVersion })
  const keys = records(store, 'incident-key', { schema: keySchema, version: keyVersion })

  async function create(incident: Incident): Promise<Incident> {
    // Not among the open ones until it has its key: a process that ends in between leaves nothing that anybody sees.
    const written = await incidents.change(incident.id, (before) => ({ ...listed(before), value: before ?? incident }))
    const holder = await claim(written ?? incident)
    if (holder.id !== incident.id) return holder
    return (await change(incident.id, (before) => before)) ?? holder
  }

  async function change(id: string, step: (before: Incident) => Incident): Promise<Incident | undefined> {
    return incidents.change(id, (before) => {
      if (!before) return undefined
      const value = step(before)
      return { value, ...(!isOver(value) && { list: openOf(value.cluster) }) }
    })
  }

  async function claim(incident: Incident): Promise<Incident> {
    const id = idOf(incident.key)
    for (;;) {
      const holder = (await keys.read(id))?.incident
      const other = holder && holder !== incident.id ? await incidents.read(holder) : undefined
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
        return holder && incidents.read(holder.incident)
      }),
    )
    return found
      .flatMap((it) => (it && it.state !== 'quiet' && it.state !== 'joined' && belongsTo(failure, it) ? [it] : []))
      .toSorted((a, b) => Number(isOver(a)) - Number(isOver(b)) || Date.parse(b.openedAt) - Date.parse(a.openedAt))[0]
  }

  return {
    lastOf,
    read: incidents.read,
    open: async (cluster) => (await incidents.list(openOf(cluster), openLimit)).records.map(({ value }) => value),
    create,
    change,
    claim,
  }
}

function listed(incident: Incident | undefined): { readonly list?: string } {
  return incident && !isOver(incident) ? { list: openOf(incident.cluster) } : {}
}

function openOf(cluster: string): string {
  return `open ${cluster}`
}

/** A key may be longer than an id, and hold any character. */
function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
