import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './running-app.ts'

/** Milliseconds between two reads, and the reads in a row that must find nothing to do. */
const limits = { between: 100, reads: 5 } as const

/**
 * Resolves when the program at `url` has had no job waiting or running for half a second, however slow the machine is.
 * What it was given before has then had its effect, and a test can say what did not come of it. Jobs that wait for their
 * time do not count.
 */
export async function untilIdle(url: string): Promise<void> {
  let idle = 0
  let ended = false
  const watch = async (): Promise<void> => {
    for (; !ended && idle < limits.reads; await sleep(limits.between)) idle = (await isIdle(url)) ? idle + 1 : 0
  }
  await Promise.all([
    watch(),
    until('the program has nothing to do', () => idle >= limits.reads).finally(() => {
      ended = true
    }),
  ])
}

async function isIdle(url: string): Promise<boolean> {
  const text = await fetch(`${url}/metrics`).then((it) => it.text())
  const jobs = (state: string): string | undefined =>
    new RegExp(`^imagepull_queue_jobs\\{state="${state}"\\} (\\d+)$`, 'm').exec(text)?.[1]
  return jobs('waiting') === '0' && jobs('active') === '0'
}
