import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Records, records } from '../store/records.ts'
import type { Store } from '../store/store.ts'

const version = 1
const schema = z.object({ version: z.literal(version), until: z.iso.datetime(), by: z.string() })
type Mute = z.infer<typeof schema>

/** A workload of which nobody is notified. `key`: as in `workloadOfPod`. */
interface Muted {
  readonly cluster: string
  readonly key: string
}

/** Mutes a workload until a time. The last call counts. `by`: the id of a person in Slack. */
export async function muteWorkload(store: Store, of: Muted, mute: { until: string; by: string }): Promise<void> {
  await mutes(store).change(toId(of), () => ({ value: { version, ...mute } }))
}

/** Tells whether a workload is muted now. */
export async function isMuted(store: Store, of: Muted, now: Date): Promise<boolean> {
  const until = (await mutes(store).read(toId(of)))?.until
  return until !== undefined && Date.parse(until) > now.getTime()
}

function mutes(store: Store): Records<Mute> {
  return records(store, 'mute', { schema, version, substitute: true })
}

/** A workload's name may be longer than an id. */
function toId({ cluster, key }: Muted): string {
  return createHash('sha256')
    .update(JSON.stringify([cluster, key]))
    .digest('hex')
}
