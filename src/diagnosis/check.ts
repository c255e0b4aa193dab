/**
 * What a question brought: an answer, or the reason why nobody could look. "Unknown" is never "not there".
 *
 * `reason` is for people. `code` is for logic: `no-answer` where the check's own time limit passed, else the `code` of the
 * error that the check threw. It is absent where nobody asked.
 */
export type Observation<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string; readonly code?: string }

/** Milliseconds. */
const defaultLimit = 5_000

/** A question put to the outside world. Its answer is plain JSON data: a fact. */
export interface Check<T> extends Question<T> {
  /** For progress, as a participle: "Reading the pod". */
  readonly doing: string
  /** The answer that this run, or the ancestor that the check belongs to, has already. It asks nothing. */
  answerIn(run: Run): Observation<T> | undefined
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
  const answers = new WeakMap<Run, Observation<T>>()
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
    answers.set(run, observation)
    run.seen(self, observation, run.now() - start)
    return observation
  }

  function ask(run: Run): Promise<Observation<T>> {
    const at = home(run)
    const answer = memory.get(at) ?? observe(at)
    memory.set(at, answer)
    return answer
  }

  const self: Check<T> = { id: spec.id, doing: spec.doing, home, ask, answerIn: (run) => answers.get(home(run)) }
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

export interface Question<T> {
  readonly id: string
  /** The deepest run that a part of the answer comes from: there it is remembered. */
  home(run: Run): Run
  ask(run: Run): Promise<Observation<T>>
}

type Needs = Readonly<Record<string, Question<unknown>>>
export type Facts<N> = { readonly [K in keyof N]: N[K] extends Question<infer T> ? T : never }

/** Asks all at once. The first unknown one, in the order written, is the reason for not knowing. */
export async function askAll<const N extends Needs>(needs: N, run: Run): Promise<Observation<Facts<N>>> {
  const entries = Object.entries(needs)
  const answers = await Promise.all(entries.map(([, question]) => question.ask(run)))
  const facts: Record<string, unknown> = {}
  for (const [index, [name]] of entries.entries()) {
    const answer = answers[index]
    if (!answer?.known) return answer ?? { known: false, reason: `${name} was not asked` }
    facts[name] = answer.value
  }
  return { known: true, value: facts as Facts<N> } // a record forgets which key has which type
}

/** For one who can go on without it: the observation is the fact. */
export function maybe<T>(of: Check<T>): Check<Observation<T>> {
  return {
    ...of,
    ask: async (run) => ({ known: true, value: await of.ask(run) }),
    answerIn(run) {
      const answer = of.answerIn(run)
      return answer && { known: true, value: answer }
    },
  }
}

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
function deepest(runs: readonly Run[], run: Run): Run {
  return runs.reduce((a, b) => (depthOf(b) > depthOf(a) ? b : a), rootOf(run))
}
