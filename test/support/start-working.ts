import { type JobName, jobKinds } from '../../src/queue/jobs.ts'
import type { Handler, HandlerContext, Queue } from '../../src/queue/queue.ts'

export interface Run extends HandlerContext {
  readonly name: JobName
  readonly id: string
  end: boolean
}

interface Failed {
  readonly name: JobName
  readonly id: string
  readonly error: unknown
}

export interface Working {
  readonly runs: readonly Run[]
  readonly failed: readonly Failed[]
  readonly errors: readonly unknown[]
  of(id: string): readonly Run[]
}

/** A worker, and what it saw. Its jobs do nothing, or what `does` says. */
export function startWorking(queue: Queue, does: (run: Run) => Promise<void> | void = () => undefined): Working {
  const runs: Run[] = []
  const failed: Failed[] = []
  const errors: unknown[] = []
  const handler =
    (name: JobName): Handler =>
    async (id, context) => {
      const run: Run = { name, id, ...context, end: false }
      runs.push(run)
      await does(run)
      run.end = true
    }
  queue.work(handlersFrom(handler), {
    onFailed: (name, id, error) => void failed.push({ name, id, error }),
    onError: (error) => errors.push(error),
  })
  return { runs, failed, errors, of: (id) => runs.filter((run) => run.id === id) }
}

export function handlersFrom(handler: (name: JobName) => Handler): Readonly<Record<JobName, Handler>> {
  const names = Object.keys(jobKinds) as JobName[] // the keys of that table
  return Object.fromEntries(names.map((name) => [name, handler(name)])) as Record<JobName, Handler> // one of each
}
