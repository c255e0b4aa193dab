import { followProgress, type PlanStep, type Progress } from '../../playbooks/image-pull/progress.ts'

/** Milliseconds between two writes. A thread does not show more. */
const pause = 1_200

export interface WrittenProgress extends Omit<Progress, 'steps'> {
  /** Writes the last state, and resolves when it is written. */
  done(): Promise<void>
}

/**
 * Writes the steps of a diagnosis while it runs, and in any case the last state. A failed write costs a step on the screen,
 * and does not stop the diagnosis.
 */
export function writeProgress(write: (steps: readonly PlanStep[]) => Promise<unknown>): WrittenProgress {
  const running = followProgress()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<unknown> = Promise.resolve()

  function flush(): void {
    timer = undefined
    const steps = running.steps()
    writing = writing.then(() => write(steps)).catch(() => undefined)
  }
  function schedule(): void {
    timer ??= setTimeout(flush, pause)
  }

  return {
    started(check) {
      running.started(check)
      schedule()
    },
    seen(check, of) {
      running.seen(check, of)
      schedule()
    },
    async done() {
      clearTimeout(timer)
      flush()
      await writing
    },
  }
}
