import { readEnvironment, usualPort } from '../config/environment.ts'
import type { ExitCode, Io } from './errors.ts'

/** Milliseconds. */
const patience = 4_000

/**
 * Asks the process that runs on this machine, at PORT, whether it is alive: the health check of the container image. Prints its
 * answer. Returns 0 if it is alive, and 1 otherwise.
 * @param options.ready Asks whether it could do its work now, too: store, queue and Slack.
 */
export async function health({ ready }: { readonly ready?: boolean }, io: Io): Promise<ExitCode> {
  const url = `http://127.0.0.1:${readEnvironment().PORT ?? usualPort}/${ready ? 'readyz' : 'healthz'}`
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(patience) })
    io.output.write(`${(await answer.text()).trim()}\n`)
    return answer.ok ? 0 : 1
  } catch {
    io.errors.write(`Nothing answers at ${url}.\n`)
    return 1
  }
}
