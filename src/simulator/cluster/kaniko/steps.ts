import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { digestOf, mediaTypes, writeTar } from '../../registry/storage.ts'
import { type GoHttp, GoHttpError } from '../go-http.ts'
import { statusLine } from '../kubelet/registry-client.ts'
import type { BaseImage, BuiltImage, Layer } from './images.ts'
import { BuildFailure, type KanikoLog } from './log.ts'
import type { BuildContext, Dockerfile, Instruction } from './source.ts'

interface Progress {
  readonly layers: Layer[]
  readonly diffIds: string[]
  readonly labels: Record<string, string>
  snapshotter: boolean
}

/** Runs every instruction of a stage, with the log of pkg/executor/build.go. `step`: milliseconds for each. Throws BuildFailure. */
export async function buildSteps(
  { instructions }: Dockerfile,
  base: BaseImage,
  context: StepContext,
  { step, architecture }: { readonly step: number; readonly architecture: string },
): Promise<BuiltImage> {
  const { log, clock, signal } = context
  const first = instructions.find(({ name }) => unpacking.has(name))
  if (first) log.info(`Unpacking rootfs as cmd ${first.text} requires it.`)
  else log.info('Skipping unpacking as no commands require it.')
  const progress: Progress = {
    layers: [...base.layers],
    diffIds: [...base.diffIds],
    labels: { ...base.labels },
    snapshotter: false,
  }
  for (const instruction of instructions) {
    await clock.sleep(step, signal)
    checkFiles(instruction, context)
    log.info(instruction.text)
    await doers[instruction.name]?.(instruction, context, progress)
  }
  const { layers, diffIds, labels } = progress
  const created = new Date(clock.now()).toISOString()
  const config = {
    created,
    os: 'linux',
    architecture,
    config: { Labels: labels },
    rootfs: { type: 'layers', diff_ids: diffIds },
  }
  return { layers, config: Buffer.from(JSON.stringify(config)) }
}

const unpacking: ReadonlySet<string> = new Set(['ADD', 'COPY', 'RUN'])

/** Throws BuildFailure if COPY names a file that the context does not have. Patterns may match nothing. */
function checkFiles({ name, rest }: Instruction, { files }: StepContext): void {
  if (name !== 'COPY' && name !== 'ADD') return
  const missing = rest
    .split(/\s+/)
    .slice(0, -1)
    .filter((source) => !/^--|[*?[]|^\.\/?$/.test(source))
    .find(
      (source) =>
        ![...files.keys()].some((file) => file === source || file.startsWith(`${source.replace(/\/$/, '')}/`)),
    )
  if (missing === undefined) return
  const path = `/kaniko/buildcontext/${missing}`
  const words = `failed to get fileinfo for ${path}: lstat ${path}: no such file or directory`
  throw new BuildFailure(
    'build',
    `error building image: error building stage: failed to get files used from context: ${words}`,
  )
}

type Do = (instruction: Instruction, context: StepContext, progress: Progress) => void | Promise<void>

const doers: Readonly<Record<string, Do>> = {
  COPY: copy,
  ADD: copy,
  RUN: run,
  WORKDIR({ rest }, { log }) {
    log.info('Cmd: workdir')
    log.info(`Changed working directory to ${rest}`)
    log.info(`Creating directory ${rest} with uid -1 and gid -1`)
    log.info('Taking snapshot of files...')
  },
  LABEL({ rest }, { log }, { labels }) {
    const [, key = '', value = ''] = /^([^=\s]+)="?([^"]*)"?$/.exec(rest) ?? []
    labels[key] = value
    log.info(`Applying label ${key}=${value}`)
  },
  EXPOSE({ rest }, { log }) {
    log.info('Cmd: EXPOSE')
    log.info(`Adding exposed port: ${rest.includes('/') ? rest : `${rest}/tcp`}`)
  },
}

function copy({ rest }: Instruction, { files, log }: StepContext, progress: Progress): void {
  const [source = ''] = rest.split(/\s+/)
  const taken = [...files].filter(([file]) => source.startsWith('.') || file.startsWith(source.replace(/[*?[].*$/, '')))
  log.info('Taking snapshot of files...')
  addLayer(progress, Object.fromEntries(taken))
}

async function run({ rest }: Instruction, context: StepContext, progress: Progress): Promise<void> {
  const { log } = context
  if (!progress.snapshotter) log.info('Initializing snapshotter ...')
  if (!progress.snapshotter) log.info('Taking snapshot of full filesystem...')
  progress.snapshotter = true
  log.info('Cmd: /bin/sh')
  log.info(`Args: [-c ${rest}]`)
  log.info(`Running: [/bin/sh -c ${rest}]`)
  const exitCode = await runStep(rest, context)
  const words = `failed to execute command: waiting for process to exit: exit status ${exitCode}`
  if (exitCode !== 0) throw new BuildFailure('build', `error building image: error building stage: ${words}`, exitCode)
  log.info('Taking snapshot of full filesystem...')
  addLayer(progress, { 'var/log/build': `${rest}\n` })
}

function addLayer({ layers, diffIds }: Progress, files: Readonly<Record<string, string>>): void {
  const tar = writeTar(files)
  const content = gzipSync(tar)
  layers.push({ digest: digestOf(content), mediaType: mediaTypes.layer, content })
  diffIds.push(digestOf(tar))
}

interface StepContext {
  readonly http: GoHttp
  readonly clock: Clock
  readonly files: BuildContext
  readonly log: KanikoLog
  readonly signal: AbortSignal
}

/**
 * Runs a RUN instruction. Only package installers do something: they request every package from their mirror. Any other command
 * succeeds without output. Returns the exit code.
 */
async function runStep(command: string, context: StepContext): Promise<number> {
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

/** Runs npm with the messages of npm 11. */
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

/** Returns npm's error lines. Empty: the mirror has the package. */
function npmRefused(url: URL, status: number): readonly string[] {
  return status === 200 ? [] : [`code E${status}`, `${statusLine(status)} - GET ${url}`]
}

/** Runs pip with the messages of pip 25. */
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
