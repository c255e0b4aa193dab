import { announcement } from './announce.ts'
import type { Failure } from './failure.ts'
import type { Incident } from './incident.ts'
import type { IncidentWorld } from './incident-world.ts'
import { newIncident } from './new-incident.ts'
import { isOver, transition } from './transition.ts'

interface Opening {
  /** Of the incident that may begin. */
  readonly id: string
  readonly channel: string
  readonly failure: Failure
  /** Nobody asked: whoever is to be told is told when there is something to tell. */
  readonly unasked?: boolean
}

/**
 * The open incident that a failure is a part of; else the one that ended lately, opened again; else a new one, which knows
 * the one before. Safe to run again.
 */
export async function openIncident(world: IncidentWorld, opening: Opening): Promise<Incident> {
  const { incidents, manners } = world
  const { id, channel, failure, unasked = false } = opening
  const last = await incidents.lastOf(failure)
  if (last && !isOver(last)) return last
  const now = world.now()
  const at = now.toISOString()
  const quietly = unasked && { announce: announcement(failure.since || at, now, manners) }
  if (last && endedWithin(last, now, manners.join)) {
    const again = await incidents.change(last.id, (before) =>
      transition(before, { what: 'reopened', at, failure, ...quietly }),
    )
    if (again) return incidents.claim(again)
  }
  return incidents.create(newIncident({ id, channel, failure, at, previous: last?.id, ...quietly }))
}

function endedWithin({ ended, check, openedAt }: Incident, now: Date, join: number): boolean {
  const end = ended?.at ?? check.startedAt ?? openedAt
  return now.getTime() - Date.parse(end) <= join
}
