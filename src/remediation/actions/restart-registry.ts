import { z } from 'zod'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import type { RawObject } from '../../kubernetes/raw-object.ts'
import type { RegistryBackend } from '../../playbooks/image-pull/checks/cluster-registry.ts'
import { parseReference } from '../../registry/reference.ts'
import { text } from '../../text.ts'
import { action, type Offering, type PlanWorld } from '../action.ts'
import { rightsIn } from '../action-id.ts'
import { canonicalHash } from '../canonical-hash.ts'
import { findRegistryWorkload } from '../sources/registry.ts'
import { awaitReady, podsRecover } from '../steps/pods.ts'
import { registryAnswers } from '../steps/registry.ts'
import {
  type RollableWorkload,
  restart,
  restartsWithin,
  restartTargetSchema,
  rollable,
  rolledOut,
} from '../steps/rollout.ts'
import { cutName } from './wording.ts'

const detailsSchema = z.object({
  workload: restartTargetSchema,
  /** The hash of the pods' template, so that only the examined workload is restarted. */
  template: z.string(),
  host: z.string(),
  service: z.object({ namespace: z.string(), name: z.string(), port: z.number(), tls: z.boolean() }).optional(),
})
type Details = z.infer<typeof detailsSchema>

/** Verdicts according to which the registry itself, or the network of its pod, is at fault. */
const ofRegistry: ReadonlySet<string> = new Set([
  ...['registry-down', 'registry-timeout', 'registry-refused', 'registry-server-error', 'connection-reset'],
])

/** Restarts the registry's pods with a roll-out. It is never offered if the images would be lost with them. */
export const restartRegistry = action<Details>({
  id: 'restart-registry',
  label: 'Restart registry',
  who: 'permitted',
  checkedAnew: true,
  details: detailsSchema,

  offer({ facts }): Offering {
    if (!ofRegistry.has(facts.failing.verdict.cause)) return undefined
    if (!facts.backend.known)
      return { offered: 'no', reason: text`its pods could not be read: ${facts.backend.reason}` }
    const backend = facts.backend.value
    if (!backend) return undefined // it does not run in this cluster
    return whyNot(backend) ?? { offered: 'primary' }
  },

  async plan({ facts, incident, settings, now }, world, signal) {
    const backend = facts.backend.known ? facts.backend.value : undefined
    const [pod] = backend?.pods ?? []
    if (!backend || !pod) return { refused: text`The registry has no pod.` }
    const { namespace } = backend
    const found = await findRegistryWorkload(facts, world.raw, signal)
    if (!found)
      return { refused: text`No Deployment, StatefulSet or DaemonSet manages the registry's pod ${pod.name}.` }
    const { kind, object } = found
    const { name, uid } = object.metadata
    if (waitsForHand(object)) return { refused: text`${kind} ${name} rolls out only by hand (paused, or OnDelete).` }
    const own = ownImage(object, incident.subject.host, facts.service.known ? facts.service.value?.aliases : undefined)
    if (own) return { refused: text`Its own image ${own} is in this very registry: a new pod could not pull it.` }
    const before = restartsWithin(object, settings.restartWindow, now)
    if (before >= settings.registryRestarts)
      return {
        refused: text`It was restarted ${before} times already, so another restart will not repair it. Escalate instead.`,
      }
    const service = facts.service.known ? facts.service.value?.own : undefined
    return {
      namespace,
      target: { kind, namespace, name, uid },
      details: {
        workload: { kind, namespace, name, uid },
        template: canonicalHash(rawFields.at(object, 'spec')),
        host: incident.subject.host,
        ...(service && { service }),
      },
      label: `Restart registry (${before + 1} of ${settings.registryRestarts})`,
      confirm: {
        title: 'Restart the registry?',
        yes: 'Restart registry',
        sentences: [
          `Rolls out ${kind} ${cutName(`${namespace}/${name}`)} in ${cutName(incident.cluster, 30)}, so that its pods are replaced.`,
          ...(await warnings(world, found, signal)),
          pod.storage === 'claim'
            ? 'Its images are on a PersistentVolumeClaim and stay.'
            : 'Its images are on the node (hostPath) and stay, if the new pod lands there too.',
          'Running pulls and pushes fail and are retried.',
        ],
      },
    }
  },

  needs: ({ workload }) => rightsIn('restart-registry', workload.namespace, rollable[workload.kind]),
  binds: ({ workload, template }) => ({ workload, template }),
  steps: [
    restart(({ workload, template }) => ({ ...workload, spec: template })),
    rolledOut(({ workload }) => workload),
    registryAnswers(({ host, service }) => ({ host, service })),
    podsRecover(),
    awaitReady(),
  ],
})

function whyNot({ pods, selects }: RegistryBackend): Offering {
  if (!selects)
    return { offered: 'no', reason: text`its Service selects no pods, so its endpoints are set by something else` }
  if (pods.length === 0) return { offered: 'no', reason: text`it has no pod: it is scaled to 0, or gone` }
  if (pods.some(({ storage }) => storage === 'pod'))
    return { offered: 'no', reason: text`images live in the pod (emptyDir), and a restart would lose all of them` }
  return undefined
}

function waitsForHand({ spec }: RawObject): boolean {
  return rawFields.at(spec, 'paused') === true || rawFields.at(spec, 'updateStrategy', 'type') === 'OnDelete'
}

/** Finds an image that a new pod would have to pull from the registry that is being restarted. */
function ownImage(object: RawObject, host: string, aliases: readonly string[] = []): string | undefined {
  const template = rawFields.at(object, 'spec', 'template', 'spec')
  const containers = ['initContainers', 'containers'].flatMap((it) => rawFields.list(rawFields.at(template, it)))
  return containers
    .map(({ image }) => rawFields.text(image))
    .find((image) => {
      const parsed = parseReference(image)
      return parsed.valid && [host, ...aliases].includes(parsed.reference.host)
    })
}

/**
 * Tells whether a new pod would wait for ever: its volume can be mounted by one pod only, and the roll-out starts the
 * new pod first.
 */
async function warnings(
  { cluster }: PlanWorld,
  { kind, object }: RollableWorkload,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rolling = kind === 'Deployment' && rawFields.at(object, 'spec', 'strategy', 'type') !== 'Recreate'
  const volumes = rawFields.list(rawFields.at(object, 'spec', 'template', 'spec', 'volumes'))
  const claims = volumes
    .map((it) => rawFields.text(rawFields.at(it, 'persistentVolumeClaim', 'claimName')))
    .filter(Boolean)
  if (!rolling || claims.length === 0) return []
  const { namespace = '' } = object.metadata
  const modes = await Promise.all(
    claims.map((name) => cluster.get('persistentvolumeclaims', { namespace, name }, signal).catch(() => undefined)),
  )
  const shared = modes.every((claim) => claim?.spec.accessModes.includes('ReadWriteMany'))
  return shared
    ? []
    : ['Its volume can be mounted on one node at a time, and the new pod starts first: on another node it would hang.']
}
