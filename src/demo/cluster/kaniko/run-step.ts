import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { statusLine } from '../kubelet/status-line.ts'
import type { GoHttp } from '../network/go-http.ts'
import { GoHttpError } from '../network/go-http-error.ts'
import type { BuildContext } from './fetch-context.ts'
import type { KanikoLog } from './kaniko-log.ts'

export interface StepContext {
  readonly http: GoHttp
  readonly clock: Clock
  readonly files: BuildContext
  readonly log: KanikoLog
  readonly signal: AbortSignal
}

/**
 * What a RUN instruction does. Only installers do something here: they ask their mirror for every package. Any other
 * command ends well and prints nothing. Returns its exit code.
 */
export async function runStep(command: string, context: StepContext): Promise<number> {
  const installer = installers.find(({ pattern }) => pattern.test(command))
  return installer ? installer.run(command, context) : 0
}

interface Installer {
  readonly pattern: RegExp
  run(command: string, context: StepContext): Promise<number>
}

const installers: readonly Installer[] = [
  { pattern: /^npm (?:ci|install|i)\b/, run: npm },
  { pattern: /^pip install\b/, run: pip },
]

const packageSchema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) })

/** In the words of npm 11. */
async function npm(_command: string, { http, clock, files, log, signal }: StepContext): Promise<number> {
  const began = clock.now()
  const registry = /^registry=(\S+)$/m.exec(files.get('.npmrc') ?? '')?.[1] ?? 'https://packages.example.com/'
  const names = Object.keys(packageSchema.parse(JSON.parse(files.get('package.json') ?? '{}')).dependencies)
  for (const name of names) {
    const url = new URL(name, registry)
    const outcome = await http({ method: 'GET', url, signal }).catch((error) => {
      if (!(error instanceof GoHttpError)) throw error
      return error
    })
    const failure = outcome instanceof GoHttpError ? npmUnreachable(url, outcome) : npmRefused(url, outcome.status)
    if (failure.length === 0) continue
    const time = new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '_')
    const where = `A complete log of this run can be found in: /home/node/.npm/_logs/${time}-debug-0.log`
    for (const line of [...failure, where]) log.plain(`npm error ${line}`)
    return 1
  }
  const seconds = Math.max(1, Math.round((clock.now() - began) / 1_000))
  log.plain('')
  log.plain(`added ${names.length} packages, and audited ${names.length + 1} packages in ${seconds}s`)
  log.plain('')
  log.plain('found 0 vulnerabilities')
  return 0
}

const nodeCodes = {
  'no-name': 'ENOTFOUND',
  timeout: 'ETIMEDOUT',
  refused: 'ECONNREFUSED',
  tls: 'EPROTO',
  lost: 'ECONNRESET',
}

function npmUnreachable(url: URL, { code, message }: GoHttpError): readonly string[] {
  const errno = nodeCodes[code]
  const call = code === 'no-name' ? 'getaddrinfo' : 'connect'
  const where = /dial tcp ([\d.]+:\d+)/.exec(message)?.[1] ?? url.hostname
  return [
    `code ${errno}`,
    `syscall ${call}`,
    `errno ${errno}`,
    `FetchError: request to ${url} failed, reason: ${call} ${errno} ${where}`,
    'If you are behind a proxy, please make sure that the',
    "'proxy' config is set properly.  See: 'npm help config'",
  ]
}

/** None: it has the package. */
function npmRefused(url: URL, status: number): readonly string[] {
  return status === 200 ? [] : [`code E${status}`, `${statusLine(status)} - GET ${url}`]
}

/** In the words of pip 25. */
async function pip(command: string, { http, files, log, signal }: StepContext): Promise<number> {
  const index = /--index-url[ =](\S+)/.exec(command)?.[1] ?? 'https://pypi.org/simple/'
  const file = /-r (\S+)/.exec(command)?.[1] ?? ''
  const wanted = (files.get(file) ?? '').split('\n').filter((line) => line.includes('=='))
  for (const [at, line] of wanted.entries()) {
    const [name = ''] = line.split('==')
    const url = new URL(`${name}/`, index)
    const answer = await http({ method: 'GET', url, signal }).catch((error) => {
      if (!(error instanceof GoHttpError)) throw error
      log.plain(
        `WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by '${error.message}': ${url.pathname}`,
      )
      return undefined
    })
    if (answer?.status !== 200) {
      log.plain(`ERROR: Could not find a version that satisfies the requirement ${line} (from versions: none)`)
      log.plain(`ERROR: No matching distribution found for ${line}`)
      return 1
    }
    log.plain(`Collecting ${line} (from -r ${file} (line ${at + 1}))`)
  }
  log.plain(`Successfully installed ${wanted.map((line) => line.replace('==', '-')).join(' ')}`)
  return 0
}
