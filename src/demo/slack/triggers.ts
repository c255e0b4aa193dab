import type { Clock } from './clock.ts'
import { Refusal } from './refusal.ts'
import type { Ids } from './workspace/ids.ts'

/** https://docs.slack.dev/interactivity/handling-user-interaction: "expires in three seconds", and "may only be used once". */
const lifetime = 3_000

export interface Triggers {
  issue(user: string): string
  /** Whose trigger it is. Throws Refusal where it is unknown, used or too old. */
  exchange(trigger: string): string
}

export function createTriggers(clock: Clock, ids: Ids): Triggers {
  const issued = new Map<string, { readonly user: string; readonly at: number; readonly used: boolean }>()
  return {
    issue(user) {
      const trigger = `${ids.ts()}.${ids.secret()}`
      issued.set(trigger, { user, at: clock.now(), used: false })
      return trigger
    },
    exchange(trigger) {
      const found = issued.get(trigger)
      if (!found) throw new Refusal('invalid_trigger_id')
      if (found.used) throw new Refusal('exchanged_trigger_id')
      if (clock.now() - found.at > lifetime) throw new Refusal('expired_trigger_id')
      issued.set(trigger, { ...found, used: true })
      return found.user
    },
  }
}
