import { homedir } from 'node:os'
import { join } from 'node:path'
import { offlineWorld, personWorld } from '../app/clusters.ts'
import { readEnvironment } from '../config/environment.ts'
import { KubeconfigError } from '../kubernetes/kubeconfig.ts'
import { noCluster } from '../preflight/cluster-view.ts'
import { readLocalLogins } from '../preflight/local-logins.ts'
import { type ManifestObject, type ObjectsRead, readObjects } from '../preflight/manifests/objects.ts'
import { readSources, SourceError } from '../preflight/manifests/sources.ts'
import { type PreflightOptions, preflight as runPreflight } from '../preflight/preflight.ts'
import type { CheckWorld } from '../preflight/pull-check.ts'
import type { PreflightReport } from '../preflight/report.ts'
import { hostsOf } from '../preflight/would-be-pods.ts'
import { redact } from '../secret.ts'
import { progressOn } from './diagnose/diagnose.ts'
import { CommandError, type ExitCode, type Io } from './errors.ts'
import { type PreflightFormat, renderPreflight } from './render/preflight.ts'

export interface PreflightCommandOptions {
  readonly filename: readonly string[]
  readonly namespace?: string
  readonly context?: string
  readonly kubeconfig?: string
  readonly offline: boolean
  readonly secrets: boolean
  readonly platform: readonly string[]
  readonly strict: boolean
  /** Seconds. */
  readonly timeout: number
  readonly output: PreflightFormat
}

/** Whether the images of manifests can be pulled, printed. Throws what `explainError` explains. */
export async function preflight(files: readonly string[], options: PreflightCommandOptions, io: Io): Promise<ExitCode> {
  const began = performance.now()
  const { objects, unreadable } = await readManifests([...files, ...options.filename], io)
  const progress = progressOn(io.errors)
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(new DOMException('time is up', 'TimeoutError')), options.timeout * 1_000)
  try {
    const { world, offline } = await openWorld(objects, options, { signal: stop.signal, io })
    const report = await runPreflight(objects, world, {
      namespace: options.namespace ?? world.cluster.namespace,
      platforms: options.platform,
      offline,
      progress: (done, total) => progress.say(`Checking images: ${done} of ${total}`),
    })
    progress.done()
    const whole = { ...report, unreadable: [...unreadable, ...report.unreadable] }
    const apiCalls = { kubernetes: world.cluster.requests, registry: world.registry.requests }
    const measured = { apiCalls, ms: Math.round(performance.now() - began) }
    io.output.write(renderPreflight(whole, measured, options, io.output))
    return exitCodeOf(whole, options.strict)
  } finally {
    clearTimeout(timer)
    progress.done()
  }
}

/** 5: something cannot be pulled. 6: something could not be found out, and `--strict` minds. */
function exitCodeOf({ images, unreadable, unseen }: PreflightReport, strict: boolean): ExitCode {
  if (images.some(({ checked }) => checked.status === 'fails')) return 5
  const unknown = images.some(({ checked }) => checked.status === 'unknown') || unreadable.length + unseen.length > 0
  return strict && unknown ? 6 : 0
}

async function readManifests(named: readonly string[], io: Io): Promise<ObjectsRead> {
  if (named.length === 0 && 'isTTY' in io.input && io.input.isTTY === true)
    throw new CommandError(2, 'usage', 'No manifest is named.', 'For example: imagepull preflight -f deploy/')
  try {
    return readObjects(await readSources(named.length > 0 ? named : ['-'], io.input))
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    const hint = 'Name YAML or JSON files, directories of them, or - for standard input.'
    throw new CommandError(2, 'unreadable', `${error.message}.`, hint, [], { cause: error })
  }
}

interface Shared {
  readonly signal: AbortSignal
  readonly io: Io
}

interface Opened {
  readonly world: CheckWorld
  readonly offline: PreflightOptions['offline']
}

/** Without a kubeconfig, and nobody asked for one, the registries alone are asked. */
async function openWorld(
  objects: readonly ManifestObject[],
  options: PreflightCommandOptions,
  { signal, io }: Shared,
): Promise<Opened> {
  const defect: CheckWorld['defect'] = ({ id }, error) =>
    void io.errors.write(`imagepull: a defect in ${id}: ${redact(String(error))}\n`)
  if (!options.offline)
    try {
      return { world: { signal, defect, ...personWorld(options.context, options) }, offline: false }
    } catch (error) {
      const named = options.kubeconfig ?? options.context
      if (!(error instanceof KubeconfigError) || error.code !== 'not-found' || named) throw error
      io.errors.write(
        'imagepull: no kubeconfig was found, so only the registries are asked, with the logins of Docker.\n',
      )
    }
  const directory = readEnvironment().DOCKER_CONFIG ?? join(homedir(), '.docker')
  const localLogins = options.secrets ? await readLocalLogins(directory, hostsOf(objects)) : []
  const cluster = noCluster('no cluster was asked: --offline')
  return { world: { signal, defect, cluster, localLogins, ...offlineWorld() }, offline: true }
}
