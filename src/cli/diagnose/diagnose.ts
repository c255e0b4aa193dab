import { readFile, writeFile } from 'node:fs/promises'
import pc from 'picocolors'
import { personWorld } from '../../app/clusters.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import { diagnose as diagnosePod, type World } from '../../playbooks/image-pull/diagnose.ts'
import { diagnoseOwner } from '../../playbooks/image-pull/diagnose-owner.ts'
import type { Diagnosis } from '../../playbooks/image-pull/model.ts'
import { factsRecorder } from '../../playbooks/image-pull/saved-facts.ts'
import type { Access } from '../../registry/access/route.ts'
import type { Registry } from '../../registry/registry.ts'
import { redact } from '../../secret.ts'
import { typedTarget } from '../../target/guess.ts'
import { locateTarget } from '../../target/locate.ts'
import { parseTarget, type Target } from '../../target/parse.ts'
import type { Located } from '../../target/target.ts'
import type { Text } from '../../text.ts'
import { CommandError, type ExitCode, type Io } from '../errors.ts'
import { diagnosisJson } from '../render/json.ts'
import { diagnosisText } from '../render/text.ts'
import { replayWorld } from './replay.ts'

export interface DiagnoseOptions {
  readonly namespace?: string
  readonly context?: string
  readonly kubeconfig?: string
  readonly registryAccess?: Access
  readonly secrets: boolean
  /** Seconds. */
  readonly timeout: number
  readonly saveFacts?: string
  readonly fromFacts?: string
  readonly output: 'text' | 'json'
}

/** Prints why a pod cannot pull its image. Throws errors that `explainError` explains. */
export async function diagnose(typed: string, options: DiagnoseOptions, io: Io): Promise<ExitCode> {
  const began = performance.now()
  const progress = progressOn(io.errors)
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(new DOMException('time is up', 'TimeoutError')), options.timeout * 1_000)
  try {
    const defect: World['defect'] = ({ id }, error) =>
      void io.errors.write(`imagepull: a defect in ${id}: ${redact(String(error))}\n`)
    const shared: Shared = { signal: stop.signal, progress: ({ doing }) => progress.say(doing), defect }
    if (!options.fromFacts) progress.say('Finding the target')
    const { diagnosis, note, world } = options.fromFacts
      ? await replay(await readFacts(options.fromFacts), shared)
      : await diagnoseLive(typed, options, shared)
    progress.done()
    const apiCalls = { kubernetes: world.cluster.requests, registry: world.registry.requests }
    print(diagnosis, note, { apiCalls, ms: Math.round(performance.now() - began) }, options, io)
    return 0
  } finally {
    clearTimeout(timer)
    progress.done()
  }
}

type Shared = Pick<World, 'signal' | 'progress' | 'defect'>

interface Diagnosed {
  readonly diagnosis: Diagnosis
  readonly note: Text | undefined
  readonly world: { readonly cluster: Cluster; readonly registry: Registry }
}

async function diagnoseLive(typed: string, options: DiagnoseOptions, shared: Shared): Promise<Diagnosed> {
  const target = readTarget(typed, options)
  const world: World = { ...shared, ...personWorld(target.context, options) }
  try {
    const found = await findPod(world.cluster, target, shared.signal)
    if (found.found === 'owner')
      return { diagnosis: await diagnoseOwner(found.kind, found.owner, world), note: undefined, world }
    const [pod] = found.pods
    return { diagnosis: await diagnoseAndSave(pod, world, options.saveFacts), note: found.note, world }
  } finally {
    world.registry.close()
  }
}

async function diagnoseAndSave(pod: Pod, world: World, file: string | undefined): Promise<Diagnosis> {
  if (!file) return diagnosePod(pod, world)
  const time = new Date()
  const recorder = factsRecorder(world.cluster.name, pod, time)
  const diagnosis = await diagnosePod(pod, { ...world, time, remember: recorder.remember })
  await writeFile(file, `${recorder.json()}\n`, { mode: 0o600 })
  return diagnosis
}

async function readFacts(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new CommandError(2, 'unreadable', `${file} cannot be read.`, 'Name a file that --save-facts wrote.', [], {
      cause: error,
    })
  }
}

async function replay(json: string, shared: Shared): Promise<Diagnosed> {
  const { pod, world } = replayWorld(json, shared)
  return { diagnosis: await diagnosePod(pod, world), note: undefined, world }
}

function print(
  diagnosis: Diagnosis,
  note: Text | undefined,
  measured: Parameters<typeof diagnosisJson>[2],
  options: DiagnoseOptions,
  io: Io,
): void {
  if (options.output === 'json') {
    io.output.write(`${JSON.stringify(diagnosisJson(diagnosis, note, measured), redactStrings, 2)}\n`)
    return
  }
  const colors = pc.createColors(pc.isColorSupported && io.output.isTTY === true)
  io.output.write(diagnosisText(diagnosis, note, colors).split('\n').map(redact).join('\n'))
}

/** Redacts every string of the output once more, commands and patches included. */
function redactStrings(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? redact(value) : value
}

/**
 * Shows the current step on one line of a terminal, and clears that line at the end. Shows nothing if `errors` is not a
 * terminal.
 */
export function progressOn(errors: Io['errors']): { say(doing: string): void; done(): void } {
  if (!errors.isTTY) return { say: () => undefined, done: () => undefined }
  const clear = '\r\u001b[K'
  return {
    say: (doing) => void errors.write(`${clear}${doing}…`),
    done: () => void errors.write(clear),
  }
}

/** Parses the target that a person typed. Options override its own namespace and context. Throws CommandError. */
export function readTarget(typed: string, options: { readonly namespace?: string; readonly context?: string }): Target {
  const parsed = parseTarget(typed)
  if (!parsed.valid) throw new CommandError(2, 'invalid-target', parsed.reason, 'See `imagepull help diagnose`.')
  if (parsed.others) {
    const named = [parsed.target, ...parsed.others].map(typedTarget)
    throw new CommandError(3, 'ambiguous', `This names ${named.length} objects.`, 'Name one of them.', named)
  }
  const { namespace, context } = options
  return { ...parsed.target, ...(namespace && { namespace }), ...(context && { context }) }
}

type Found = Exclude<Located, { found: 'none' | 'several' }>

/** Finds the pods or the owner that a target names. Throws CommandError with candidates if it is unknown or ambiguous. */
export async function findPod(cluster: Cluster, target: Target, signal: AbortSignal): Promise<Found> {
  const located = await locateTarget(cluster, target, signal)
  const where = target.namespace ?? cluster.namespace
  const what = target.kind ? `${target.kind.replace(/s$/, '')}/${target.name}` : target.name
  if (located.found === 'several') {
    throw new CommandError(
      3,
      'ambiguous',
      `"${what}" matches several objects in ${cluster.name}.`,
      'Name one of them with its namespace.',
      located.candidates,
    )
  }
  if (located.found === 'none') {
    const near =
      located.candidates.length > 0
        ? 'Did you mean one of these?'
        : 'Check the name, the namespace (-n) and the context (--context).'
    const unseen = located.unseen.length > 0 ? ` Not checked: ${located.unseen.join(', ')}.` : ''
    throw new CommandError(
      3,
      'not-found',
      `There is no "${what}" in ${cluster.name} (namespace ${where}).${unseen}`,
      near,
      located.candidates,
    )
  }
  return located
}
