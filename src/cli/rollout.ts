import { setTimeout as sleep } from 'node:timers/promises'
import pc from 'picocolors'
import { personWorld } from '../app/clusters.ts'
import type { Cluster } from '../kubernetes/cluster.ts'
import type { Resource } from '../kubernetes/resources.ts'
import { diagnose, type World } from '../playbooks/image-pull/diagnose.ts'
import { diagnoseOwner } from '../playbooks/image-pull/diagnose-owner.ts'
import type { Access } from '../registry/access/route.ts'
import { awaitRollout, type RolloutEnd, type RolloutWorld } from '../rollout/await-rollout.ts'
import { type SubjectKey, type Waitable, waitable } from '../rollout/subject.ts'
import { redact } from '../secret.ts'
import type { Target } from '../target/parse.ts'
import { visible } from '../text.ts'
import { findPod, readTarget } from './diagnose/diagnose.ts'
import { CommandError, type ExitCode, type Io } from './errors.ts'
import { jsonRollout, type RolloutRenderer, textRollout } from './render/rollout.ts'

export interface RolloutOptions {
  readonly namespace?: string
  readonly context?: string
  readonly kubeconfig?: string
  readonly registryAccess?: Access
  readonly secrets: boolean
  /** Milliseconds. */
  readonly timeout: number
  readonly output: 'text' | 'json'
}

const exitCodes: Readonly<Record<RolloutEnd['outcome'], ExitCode>> = {
  ready: 0,
  'pull-failed': 5,
  failed: 7,
  gone: 7,
  'time-over': 8,
}

/** Waits for a rollout, and ends as soon as an image cannot be pulled for good. Throws what `explainError` explains. */
export async function rollout(typed: string, options: RolloutOptions, io: Io): Promise<ExitCode> {
  const target = readTarget(typed, options)
  const person = personWorld(target.context, options)
  const key = await findSubject(person.cluster, target)
  const renderer = rendererFor(key, options.output, io)
  const world = worldOf(key, { person, io, tell: (event) => void io.output.write(renderer.event(event)) })
  const end = await awaitRollout(key, options.timeout, world)
  const exitCode = exitCodes[end.outcome]
  io.output.write(renderer.end(end, exitCode))
  return exitCode
}

function rendererFor(key: SubjectKey, output: RolloutOptions['output'], io: Io): RolloutRenderer {
  if (output === 'json') return jsonRollout({ ...key }, Date.now)
  const colors = pc.createColors(pc.isColorSupported && io.output.isTTY === true)
  return textRollout(visible(`${key.kind.slice(0, -1)} ${key.namespace}/${key.name}`), colors)
}

/** Throws CommandError where there is no such object, or its kind has no rollout. */
async function findSubject(cluster: Cluster, target: Target): Promise<SubjectKey> {
  const { kind, name } = target
  const namespace = target.namespace ?? cluster.namespace
  const kinds = waitable.filter((it) => kind === undefined || kind === it)
  if (kinds.length === 0)
    throw new CommandError(
      2,
      'usage',
      `A ${visible(kind ?? '')} has no rollout.`,
      `Name one of: ${waitable.map((it) => it.slice(0, -1)).join(', ')}.`,
    )
  for (const it of kinds) if (await cluster.get(it, { namespace, name })) return { kind: it, namespace, name }
  // Of its words: where it is instead, or that it is ambiguous.
  const found = await findPod(cluster, target, AbortSignal.timeout(patience))
  if (found.found === 'pods') return keyOf('pods', found.pods[0].metadata)
  return keyOf(waitable.find((it) => it === found.kind) ?? 'jobs', found.owner.metadata)
}

function keyOf(kind: Waitable, { namespace, name }: { readonly namespace: string; readonly name: string }): SubjectKey {
  return { kind, namespace, name }
}

/** Milliseconds of one diagnosis, and of the search for the target. */
const patience = 30_000

interface Surroundings {
  readonly person: ReturnType<typeof personWorld>
  readonly io: Io
  readonly tell: RolloutWorld['tell']
}

function worldOf(key: SubjectKey, { person, io, tell }: Surroundings): RolloutWorld {
  const defect: World['defect'] = ({ id }, error) =>
    void io.errors.write(`imagepull: a defect in ${id}: ${redact(String(error))}\n`)
  const oneDiagnosis = (): World => ({ ...person, defect, signal: AbortSignal.timeout(patience) })
  return {
    cluster: person.cluster,
    diagnose: (pod) => diagnose(pod, oneDiagnosis()),
    async diagnoseOwner({ owner }) {
      if (!owner || key.kind === 'pods') return undefined
      return diagnoseOwner(key.kind, owner as Resource<'deployments'>, oneDiagnosis()) // read as that kind
    },
    now: () => performance.now(),
    sleep: async (ms) => void (await sleep(ms)),
    tell,
  }
}
