import { createHash } from 'node:crypto'
import { z } from 'zod'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import { ClusterError } from '../../kubernetes/errors.ts'
import type { Manifest } from '../../kubernetes/raw-object.ts'
import { redact } from '../../secret.ts'
import { joinTexts, type Text, text } from '../../text.ts'
import { approvalMark, toMarks } from '../sources/job.ts'
import type { Step, StepContext, StepOutcome } from '../step.ts'

export interface Probe {
  readonly node: string
  /** The registry's host with its port. */
  readonly host: string
  readonly namespace: string
  readonly image: string
}

/** The label by which leftover pods are found. */
const probeLabel = 'imagepull.dev/probe'
/** Seconds after which Kubernetes ends the pod in any case. */
const deadline = 60
const log = { tailLines: 20, limitBytes: 8 * 1024 } as const

/** Runs a pod on the node that resolves the registry's name, connects to it and asks it once. Then it removes the pod. */
export function runProbe<D>(of: (details: D) => Probe): Step<D> {
  return {
    id: 'probe',
    title: (details) => `Test from ${of(details).node}`,
    async run(context) {
      const { writes, details, memory, signal } = context
      const probe = of(details)
      const key = { namespace: probe.namespace, name: toPodName(context) }
      const pod = await writes.raw('pods', key, signal)
      if (memory.told) return pod ? remove(context, key, pod.metadata.uid) : toDone(memory)
      if (!pod) return memory.tried ? lost : create(context, probe, key)
      if (rawFields.at(pod.metadata, 'annotations', approvalMark) !== context.approval.id)
        return { step: 'failed', reason: text`There is another pod ${key.namespace}/${key.name}.` }
      return look(context, key, rawFields.text(rawFields.at(pod.status, 'phase')), waitsFor(pod.status))
    },
  }
}

type Key = { readonly namespace: string; readonly name: string }

const lost: StepOutcome = { step: 'failed', reason: text`The test's pod is gone: somebody deleted it.` }

function toPodName({ approval }: StepContext<unknown>): string {
  return `imagepull-probe-${createHash('sha256').update(approval.id).digest('hex').slice(0, 10)}`
}

async function create(context: StepContext<unknown>, probe: Probe, key: Key): Promise<StepOutcome> {
  const { writes, note, effect, signal, timing } = context
  await note({ tried: true })
  signal.throwIfAborted() // another worker may have the action now
  try {
    const { metadata } = await writes.create(
      'pods',
      key.namespace,
      toPodManifest(context, probe, key),
      { dryRun: false },
      signal,
    )
    await effect({ key: key.name, target: { kind: 'Pod', ...key, uid: metadata.uid }, after: 'created' })
    return { step: 'wait', ms: timing.poll, result: text`its pod starts`, memory: { tried: true } }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    if (error.code === 'already-exists') return { step: 'wait', ms: 0, memory: { tried: true } }
    if (error.code !== 'invalid' && error.code !== 'forbidden') throw error
    return { step: 'failed', reason: text`The API server refuses the test's pod: ${error.message}` }
  }
}

async function look(
  { watched, now, timing, since, signal }: StepContext<unknown>,
  key: Key,
  phase: string,
  waits: string,
): Promise<StepOutcome> {
  const over = phase === 'Succeeded' || phase === 'Failed'
  const late = now().getTime() - since.getTime() > deadline * 1_000
  if (!over && !late)
    return { step: 'wait', ms: timing.poll, result: text`its pod ${waits || 'runs'}`, memory: { tried: true } }
  const said = await watched.cluster.logs(
    { namespace: key.namespace, pod: key.name, container: 'probe', ...log },
    signal,
  )
  const report = reportIn(said ?? '')
  const told = report ?? (waits ? text`its own pod cannot start there: ${waits}` : text`its pod said nothing`)
  return { step: 'wait', ms: 0, result: told, memory: { tried: true, told } }
}

async function remove({ writes, signal, memory }: StepContext<unknown>, key: Key, uid: string): Promise<StepOutcome> {
  await writes.remove('pods', key, { uid }, signal)
  return toDone(memory)
}

function toDone(memory: Readonly<Record<string, unknown>>): StepOutcome {
  return { step: 'done', result: memory.told as Text, memory } // `look` stored it
}

function waitsFor(status: unknown): string {
  const [container] = rawFields.list(rawFields.at(status, 'containerStatuses'))
  return rawFields.text(rawFields.at(container, 'state', 'waiting', 'reason'))
}

function reportIn(said: string): Text | undefined {
  const line = said.split('\n').findLast((it) => it.startsWith('{'))
  try {
    const report = probeReportSchema.safeParse(JSON.parse(line ?? ''))
    return report.success ? reportWords(report.data) : undefined
  } catch {
    return undefined
  }
}

/** Uses the node's network and its resolver, and nothing else of the node. */
function toPodManifest(
  { approval }: StepContext<unknown>,
  { node, host, image }: Probe,
  { name, namespace }: Key,
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { [probeLabel]: 'true' }, annotations: toMarks(approval) },
    spec: {
      nodeName: node,
      hostNetwork: true,
      dnsPolicy: 'Default',
      restartPolicy: 'Never',
      activeDeadlineSeconds: deadline,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      tolerations: [{ operator: 'Exists' }],
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'probe',
          image,
          imagePullPolicy: 'IfNotPresent',
          args: ['probe', host],
          resources: { limits: { cpu: '200m', memory: '128Mi' }, requests: { cpu: '10m', memory: '64Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  }
}

const part = z.object({ ok: z.boolean(), says: z.string().max(500), ms: z.number() })

/** Reads the results of `imagepull probe`, step by step. What comes after a failure is left out. */
const probeReportSchema = z.object({
  host: z.string(),
  dns: part.optional(),
  tcp: part.optional(),
  tls: part.optional(),
  http: part.optional(),
})
export type ProbeReport = z.infer<typeof probeReportSchema>

const names = { dns: 'DNS', tcp: 'TCP', tls: 'TLS', http: '/v2/' } as const

/**
 * States the limits of the probe: it uses the node's network, but not the mirrors, proxy and certificates of its
 * container runtime.
 */
function reportWords(report: ProbeReport): Text {
  const parts = (['dns', 'tcp', 'tls', 'http'] as const).flatMap((key) => {
    const it = report[key]
    return it
      ? [text`${{ parts: [names[key]] }} ${it.ok ? 'works' : 'fails'}: ${redact(it.says)} (${Math.round(it.ms)} ms)`]
      : []
  })
  const limits = text`without the runtime's own mirrors, proxy and certificates`
  return joinTexts([...parts, limits], '; ')
}
