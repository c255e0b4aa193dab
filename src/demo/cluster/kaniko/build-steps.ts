import { gzipSync } from 'node:zlib'
import { digestOf } from '../../registry/digest-of.ts'
import { mediaTypes } from '../../registry/media-types.ts'
import { writeTar } from '../../registry/write-tar.ts'
import type { BaseImage, Layer } from './base-image.ts'
import { BuildFailure } from './build-failure.ts'
import type { Dockerfile, Instruction } from './parse-dockerfile.ts'
import type { BuiltImage } from './push-image.ts'
import { runStep, type StepContext } from './run-step.ts'

interface Progress {
  readonly layers: Layer[]
  readonly diffIds: string[]
  readonly labels: Record<string, string>
  snapshotter: boolean
}

/** Every instruction of a stage, in pkg/executor/build.go's words. `step`: milliseconds each takes. Throws BuildFailure. */
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

/** COPY of what the context does not have; a pattern may match nothing, a directory is whatever lies in it. */
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
