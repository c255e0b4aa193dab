import { z } from 'zod'
import { records } from '../store/records.ts'
import type { Store } from '../store/store.ts'

const version = 1
const schema = z.object({ version: z.literal(version), incident: z.string() })

/** Which incident's thread hangs on which post. */
export const threadRoots = {
  /** undefined: none that is still known. */
  incidentOf: async (store: Store, channel: string, root: string): Promise<string | undefined> =>
    (await of(store).read(`${channel} ${root}`))?.incident,
  remember: async (store: Store, channel: string, root: string, incident: string): Promise<void> =>
    void (await of(store).change(`${channel} ${root}`, () => ({ value: { version, incident } }))),
} as const

function of(store: Store) {
  return records(store, 'thread-root', { schema, version, substitute: true })
}
