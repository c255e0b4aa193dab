import { execFile } from 'node:child_process'
import { z } from 'zod'
import { Secret } from '../../secret.ts'
import { parseJson } from '../refusal.ts'
import type { LoginProvider } from './own-logins.ts'

/** Milliseconds and bytes. */
const limits = { time: 10_000, output: 64 * 1024 } as const
/** Milliseconds: a helper does not say how long its login lasts, and keeps it itself. */
const lifetime = 10 * 60_000

const outputSchema = z.object({ Username: z.string().min(1), Secret: z.string().min(1) })

/**
 * Runs `docker-credential-<name> get`, with the registry's host on its standard input.
 * https://github.com/docker/docker-credential-helpers#development
 * `name` is checked by the configuration: a plain word, so that it can be no path. `environment` is the program's.
 */
export function dockerHelper(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  now: () => number = Date.now,
): LoginProvider {
  const program = `docker-credential-${name}`
  return {
    called: `the credential helper ${program} of imagepull`,
    async get(host) {
      const server = host === 'docker.io' ? 'https://index.docker.io/v1/' : host
      const output = await run(program, server, environment)
      const login = outputSchema.safeParse(parseJson(output)).data
      if (!login) throw new Error('it printed no login')
      // An identity token is no password: only the registry's own token server takes it, by another protocol.
      if (login.Username === '<token>') throw new Error('it gives an identity token, and imagepull needs a password')
      return { username: login.Username, password: new Secret(login.Secret), expires: now() + lifetime }
    },
  }
}

/** Returns what the program printed. Its output may hold a password, so that no error quotes it. */
function run(
  program: string,
  input: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: limits.time, maxBuffer: limits.output, killSignal: 'SIGKILL', env: environment } as const
    const child = execFile(program, ['get'], options, (error, output) => {
      if (error) reject(new Error(whyItFailed(error, output)))
      else resolve(output)
    })
    child.stdin?.on('error', () => {}) // a program that does not read what it is asked
    child.stdin?.end(input)
  })
}

/** What `execFile` tells: a name for what was never started, else the exit code, or the signal that ended it. */
interface Failure {
  readonly code?: string | number | null | undefined
  readonly killed?: boolean | undefined
  readonly signal?: string | null | undefined
}

function whyItFailed({ code, killed, signal }: Failure, output: string): string {
  if (code === 'ENOENT') return 'the program is not installed on the PATH of imagepull'
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'it prints too much'
  if (killed) return `it did not end within ${limits.time / 1_000} s`
  // The protocol's own words: github.com/docker/docker-credential-helpers, credentials/error.go
  if (output.includes('credentials not found in native keychain')) return 'it has no login for this registry'
  return `it ended with ${signal ? `the signal ${signal}` : `exit code ${code ?? 'unknown'}`}`
}
