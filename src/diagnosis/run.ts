import { type Check, type Observation, type Question, type Run, rootOf } from './check.ts'

export interface RunOptions {
  readonly signal: AbortSignal
  /** Milliseconds from some start. Default: the process's monotonic clock. */
  readonly now?: () => number
  readonly started?: (check: Check<unknown>) => void
  /** `path` names the run: "" for the first, then "/child/grandchild". */
  readonly seen?: (path: string, check: Check<unknown>, of: Observation<unknown>, ms: number) => void
  readonly defect: (where: { readonly id: string }, error: unknown) => void
  readonly recall?: (path: string, id: string) => Observation<unknown> | undefined
}

const paths = new WeakMap<Run, { readonly path: string; readonly options: RunOptions }>()

export function createRun(options: RunOptions): Run {
  return runAt('', options)
}

/** The name keeps the facts of siblings apart where they are saved. */
export function childRun(parent: Run, name: string): Run {
  const known = paths.get(parent)
  if (!known) throw new Error('a child needs a run that createRun made')
  return runAt(`${known.path}/${encodeURIComponent(name)}`, known.options, parent)
}

function runAt(path: string, options: RunOptions, parent?: Run): Run {
  const run: Run = {
    ...(parent && { parent }),
    signal: options.signal,
    within: startTimer,
    now: options.now ?? (() => performance.now()),
    started: (check) => options.started?.(check),
    seen: (check, of, ms) => options.seen?.(path, check, of, ms),
    defect: options.defect,
    recall: (id) => options.recall?.(path, id),
  }
  paths.set(run, { path, options })
  return run
}

// Not AbortSignal.timeout: that cannot be given up, and ignores fake timers.
function startTimer(ms: number): ReturnType<Run['within']> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new Error(`${ms} ms passed`)), ms)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}

export interface Given<T> extends Question<T> {
  give(run: Run, value: T): void
}

/** What the caller brings: the cluster, the target, the image. A cause cannot need one: it is no Check. */
export function given<T>(id: string): Given<T> {
  const values = new WeakMap<Run, { readonly value: T }>()
  const holder = (run: Run): Run | undefined => (values.has(run) ? run : run.parent && holder(run.parent))
  return {
    id,
    give: (run, value) => void values.set(run, { value }),
    home: (run) => holder(run) ?? rootOf(run),
    ask: async (run) => {
      const held = values.get(holder(run) ?? run)
      return held ? { known: true, value: held.value } : { known: false, reason: `${id} was not given` }
    },
  }
}
