import type { Check } from './check.ts'
import type { Observation } from './observation.ts'

/** One level of a diagnosis: cluster → target → container → image. What a child asks about its parent's givens is asked once. */
export interface Run {
  readonly parent?: Run
  readonly signal: AbortSignal
  /** A signal that aborts after so many milliseconds, and a way to give it up. */
  within(ms: number): { readonly signal: AbortSignal; clear(): void }
  /** Milliseconds from some start. */
  now(): number
  started(check: Check<unknown>): void
  seen(check: Check<unknown>, of: Observation<unknown>, ms: number): void
  /** An error that says nothing about the world: a defect of a check or a cause. */
  defect(where: { readonly id: string }, error: unknown): void
  /** A fact that was saved earlier, for the run that it was saved in. */
  recall?(id: string): Observation<unknown> | undefined
}

export function rootOf(run: Run): Run {
  return run.parent ? rootOf(run.parent) : run
}

function depthOf(run: Run): number {
  return run.parent ? 1 + depthOf(run.parent) : 0
}

/** The deepest of some runs in one line of descent; the root of `run` where there are none. */
export function deepest(runs: readonly Run[], run: Run): Run {
  return runs.reduce((a, b) => (depthOf(b) > depthOf(a) ? b : a), rootOf(run))
}
