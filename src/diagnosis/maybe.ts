import type { Check } from './check.ts'
import type { Observation } from './observation.ts'

/** For one who can go on without it: the observation is the fact. */
export function maybe<T>(of: Check<T>): Check<Observation<T>> {
  return { ...of, ask: async (run) => ({ known: true, value: await of.ask(run) }) }
}
