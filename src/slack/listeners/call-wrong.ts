import { z } from 'zod'
import { transition } from '../../incidents/transition.ts'
import { wrongVerdicts } from '../../incidents/wrong-verdicts.ts'
import { redact } from '../../secret.ts'
import type { ListenerWorld } from './listener-world.ts'

interface Called {
  readonly incident: string
  readonly user: string
  readonly says: string
}

/** Keeps the facts for whoever maintains imagepull: once for each person and verdict. */
export async function callWrong(world: ListenerWorld, { incident: id, user, says }: Called): Promise<void> {
  const { store, incidents, now } = world.incidents
  const at = now().toISOString()
  const incident = await incidents.read(id)
  if (!incident) return
  const stored = await store.read('facts', id)
  const kept = z.object({ json: z.string() }).safeParse(stored?.value).data?.json
  const cause = incident.verdicts.at(-1)?.cause ?? 'unknown'
  const first = await wrongVerdicts(store).keep({
    incident: id,
    at,
    by: user,
    cause,
    says: redact(says),
    ...(kept && { facts: kept }),
  })
  if (first) await incidents.change(id, (before) => transition(before, { what: 'called-wrong', at, by: user }))
}
