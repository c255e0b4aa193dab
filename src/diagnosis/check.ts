import type { Observation } from './observation.ts'
import { askAll, type Facts, type Needs, type Question } from './question.ts'
import { deepest, type Run } from './run.ts'

/** Milliseconds. */
const defaultLimit = 5_000

/** A question put to the outside world. Its answer is plain JSON data: a fact. */
export interface Check<T> extends Question<T> {
  /** For progress, as a participle: "Reading the pod". */
  readonly doing: string
}

export interface CheckSpec<T, N extends Needs> {
  readonly id: string
  readonly doing: string
  /** Milliseconds until the check counts as "could not look". */
  readonly limit?: number
  readonly needs: N
  /** Throws an error with a `code` where it could not look. Any other error is a defect. */
  gather(facts: Facts<N>, signal: AbortSignal): Promise<T>
}

export function check<const T, const N extends Needs>(spec: CheckSpec<T, N>): Check<T> {
  const memory = new WeakMap<Run, Promise<Observation<T>>>()
  const home = (run: Run): Run =>
    deepest(
      Object.values(spec.needs).map((question) => question.home(run)),
      run,
    )

  async function observe(run: Run): Promise<Observation<T>> {
    const saved = run.recall?.(spec.id) as Observation<T> | undefined // who saved it, saved this check's answer
    const facts = saved ? undefined : await askAll(spec.needs, run)
    run.started(self)
    const start = run.now()
    const answer =
      saved ??
      (facts?.known ? await settle(self, run, spec.limit, (signal) => spec.gather(facts.value, signal)) : facts)
    const observation = answer ?? { known: false, reason: `${spec.id} was not asked` }
    run.seen(self, observation, run.now() - start)
    return observation
  }

  function ask(run: Run): Promise<Observation<T>> {
    const at = home(run)
    const answer = memory.get(at) ?? observe(at)
    memory.set(at, answer)
    return answer
  }

  const self: Check<T> = { id: spec.id, doing: spec.doing, home, ask }
  return self
}

/** Not every client obeys a signal, so the work races against it. */
async function settle<T>(
  check: Check<T>,
  run: Run,
  limit: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Observation<T>> {
  const ms = limit ?? defaultLimit
  const timer = run.within(ms)
  const signal = AbortSignal.any([run.signal, timer.signal])
  const stopped = Promise.withResolvers<never>()
  stopped.promise.catch(() => undefined) // it may come after the race is over
  const stop = (): void => stopped.reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    return { known: true, value: await Promise.race([work(signal), stopped.promise]) }
  } catch (error) {
    if (signal.aborted)
      return run.signal.aborted
        ? { known: false, reason: 'the diagnosis ran out of time', code: 'out-of-time' }
        : { known: false, reason: `no answer within ${ms / 1000} s`, code: 'no-answer' }
    if (couldNotLook(error)) return { known: false, reason: error.message, code: error.code }
    run.defect(check, error)
    return { known: false, reason: `the check "${check.id}" failed` }
  } finally {
    timer.clear()
    signal.removeEventListener('abort', stop)
  }
}

/** Errors of the rooms that ask the world carry a closed `code`; a defect carries none of ours. */
function couldNotLook(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_')
}
