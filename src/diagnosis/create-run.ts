import type { Check } from './check.ts'
import type { Observation } from './observation.ts'
import type { Run } from './run.ts'

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
