import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'

/** Milliseconds. Long enough for a machine that is busy with other tests. */
const patience = 90_000

/** Waits until `read` gives what is wanted, also in a test that runs beside others, where `expect.poll` cannot. */
export async function eventually(read: () => unknown, wanted: unknown): Promise<void> {
  const end = Date.now() + patience
  for (;;) {
    const value = await read()
    if (isDeepStrictEqual(value, wanted)) return
    if (Date.now() > end) throw new Error(`wanted ${JSON.stringify(wanted)}, and got ${JSON.stringify(value)}`)
    await sleep(20)
  }
}
