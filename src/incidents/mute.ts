import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Records, records } from '../store/records.ts'
import type { Store } from '../store/store.ts'

const version = 1
const schema = z.object({ version: z.literal(version), until: z.iso.datetime(), by: z.string() })
type Mute = z.infer<typeof schema>

/** A workload that nobody is to be told about. `key`: of `workloadOfPod`. */
interface Muted {
  readonly cluster: string
  readonly key: string
}

/** Until then, and not longer: what was said last counts. `by`: who said so, in Slack. */
export async function muteWorkload(store: Store, of: Muted, mute: { until: string; by: string }): Promise<void> {
  await mutes(store).change(idOf(of), () => ({ value: { version, ...mute } }))
}

/** Whether nobody is to be told about a workload now. */
export async function isMuted(store: Store, of: Muted, now: Date): Promise<boolean> {
  const until = (await mutes(store).read(idOf(of)))?.until
  return until !== undefined && Date.parse(until) > now.getTime()
}

function mutes(store: Store): Records<Mute> {
  return records(store, 'mute', { schema, version, substitute: true })
}

/** A name may be longer than an id. */
function idOf({ cluster, key }: Muted): string {
  return createHash('sha256')
    .update(JSON.stringify([cluster, key]))
    .digest('hex')
}
