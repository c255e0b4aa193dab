import type { Observation } from '../diagnosis/observation.ts'
import { followPlan, type PlanStep } from '../playbooks/image-pull/plan.ts'

/** Milliseconds between two writes: what a thread shows. */
const pause = 1_200

interface Progress {
  started(check: string): void
  seen(check: string, of: Observation<unknown>): void
  /** Writes the last state, and resolves when it is written. */
  done(): Promise<void>
}

/** Writes the steps of a diagnosis as they go, the last state always. A write that fails costs a step, not the diagnosis. */
export function followProgress(write: (steps: readonly PlanStep[]) => Promise<unknown>): Progress {
  const plan = followPlan()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<unknown> = Promise.resolve()

  function flush(): void {
    timer = undefined
    const steps = plan.steps()
    writing = writing.then(() => write(steps)).catch(() => undefined)
  }
  function changed(): void {
    timer ??= setTimeout(flush, pause)
  }

  return {
    started(check) {
      plan.started(check)
      changed()
    },
    seen(check, of) {
      plan.seen(check, of)
      changed()
    },
    async done() {
      clearTimeout(timer)
      flush()
      await writing
    },
  }
}
