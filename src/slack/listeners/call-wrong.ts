import { z } from 'zod'
import { transition } from '../../incidents/transition.ts'
import { redact } from '../../secret.ts'
import { records } from '../../store/records.ts'
import type { ListenerWorld } from './listener-world.ts'

const version = 1
/** The facts of a diagnosis that somebody called wrong, and what they say it was: a test case to be. */
const schema = z.object({
  version: z.literal(version),
  incident: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  cause: z.string(),
  says: z.string(),
  /** As `--from-facts` takes them. Absent: they were too large to keep. */
  facts: z.string().optional(),
})

interface Called {
  readonly incident: string
  readonly user: string
  readonly says: string
}

/** Keeps the facts for whoever maintains imagepull. */
export async function callWrong(world: ListenerWorld, { incident: id, user, says }: Called): Promise<void> {
  const { store, incidents, now } = world.incidents
  const at = now().toISOString()
  const incident = await incidents.change(id, (before) => transition(before, { what: 'called-wrong', at, by: user }))
  if (!incident) return
  const stored = await store.read('facts', id)
  const kept = z.object({ json: z.string() }).safeParse(stored?.value).data?.json
  const cause = incident.verdicts.at(-1)?.cause ?? 'unknown'
  const value = {
    version,
    incident: id,
    at,
    by: user,
    cause,
    says: redact(says),
    ...(kept && { facts: kept }),
  } as const
  await records(store, 'wrong', { schema, version }).change(`${id} ${at}`, () => ({ value, list: 'all' }))
}
