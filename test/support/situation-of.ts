import type { Build } from '../../src/builds/build.ts'
import type { Incident } from '../../src/incidents/incident.ts'
import { type Pod, resources } from '../../src/kubernetes/resources.ts'
import type { RegistryBackend, RegistryService } from '../../src/playbooks/image-pull/checks/cluster-registry.ts'
import type { ContainerDiagnosis } from '../../src/playbooks/image-pull/model.ts'
import type { Situation } from '../../src/remediation/action.ts'
import type { ActionFacts } from '../../src/remediation/facts.ts'
import type { RemediationSettings } from '../../src/remediation/settings.ts'
import { containerOf, freshIncident, verdictOf } from './incident-samples.ts'

/** What is special about a situation; the rest is a pod of a Deployment, and nothing else was looked at. */
export interface SituationParts extends Partial<ActionFacts> {
  readonly cause?: string
  readonly failed?: Partial<ContainerDiagnosis>
  readonly incident?: Partial<Incident>
  readonly settings?: Partial<RemediationSettings>
}

const now = new Date('2026-11-24T03:14:00Z')
const unasked = { known: false, reason: 'nobody looked' } as const

/** Something that was seen. */
export function seen<T>(value: T): { readonly known: true; readonly value: T } {
  return { known: true, value }
}

export function situationOf({
  cause = 'tag-missing',
  failed,
  incident,
  settings,
  ...facts
}: SituationParts): Situation {
  const usual: RemediationSettings = {
    escalationGroup: 'S0ONCALL01',
    registryRestarts: 3,
    restartWindow: 24 * 60 * 60_000,
    testFromNode: undefined,
  }
  return {
    incident: freshIncident(incident),
    settings: { ...usual, ...settings },
    now,
    facts: {
      failing: containerOf({ verdict: verdictOf({ cause, title: 'Some cause', remedies: [] }), ...failed }),
      pod: stuck,
      ownBuild: undefined,
      clusterBuilds: unasked,
      builds: unasked,
      reading: unasked,
      backend: unasked,
      service: unasked,
      owner: seen({ kind: 'Deployment', name: 'cortex-chat-backend-simple' }),
      manifest: unasked,
      gitBuilds: unasked,
      gitFile: unasked,
      ...facts,
    },
  }
}

const stuck: Pod = resources.pods.schema.parse({
  metadata: {
    namespace: 'cortex-chat',
    name: 'cortex-chat-backend-simple-5d9cf86b95-26kvf',
    uid: 'uid-1',
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: 'cortex-chat-backend-simple-5d9cf86b95',
        uid: 'rs',
        controller: true,
      },
    ],
  },
  spec: { nodeName: 'node-2', containers: [{ name: 'backend', image: 'a:1' }] },
  status: {
    phase: 'Pending',
    containerStatuses: [{ name: 'backend', image: 'a:1', state: { waiting: { reason: 'ImagePullBackOff' } } }],
  },
})

/** The same without anybody who would make it again. */
export const bare: Pod = { ...stuck, metadata: { ...stuck.metadata, ownerReferences: [] } }

export function buildOf(of: Partial<Build> = {}): Build {
  return {
    ...{ kind: 'Job', namespace: 'cortex-chat', name: 'backend-build', uid: 'job', tool: 'kaniko' },
    ...{ destinations: ['10.43.170.72:5000/cortex-chat-backend-simple:latest'], noPush: false, state: 'failed' },
    ...{ failures: 1, createdAt: '2026-11-24T02:38:00Z', finishedAt: '2026-11-24T02:41:00Z' },
    ...of,
  }
}

export function backendOf(of: Partial<RegistryBackend> = {}): RegistryBackend {
  const pod = { ready: true, restarts: 0, storage: 'claim', limited: true, probed: false, labels: {} } as const
  return {
    ...{ namespace: 'infra', service: 'registry', readyEndpoints: 1, selects: true },
    pods: [{ name: 'registry-0', ...pod }],
    ...of,
  }
}

export const inCluster: RegistryService = {
  ...{ namespace: 'infra', name: 'registry', port: 5_000, since: '2026-01-01T00:00:00Z' },
  own: { namespace: 'infra', name: 'registry', port: 5_000, tls: false },
  ...{ selector: { app: 'registry' }, aliases: ['registry.infra.svc:5000'], ports: [5_000] },
}
