import type { Failure } from '../../src/incidents/failure.ts'
import type { Incident } from '../../src/incidents/incident.ts'
import { newIncident } from '../../src/incidents/open.ts'
import type { ContainerDiagnosis, Diagnosis, PullVerdict } from '../../src/playbooks/image-pull/model.ts'
import { text } from '../../src/text.ts'

export const at = '2026-11-24T02:58:00.000Z'

/** A Deployment's pod whose image was never built, as the playbook's first example. */
export function failureOf(of: Partial<Failure> = {}): Failure {
  const namespace = of.namespace ?? 'cortex-chat'
  return {
    cluster: 'prod-eu',
    namespace,
    pod: 'cortex-chat-backend-simple-5d9cf86b95-26kvf',
    uid: 'uid-1',
    node: 'node-2',
    workload: {
      kind: 'Deployment',
      name: 'cortex-chat-backend-simple',
      key: `${namespace}/Deployment/cortex-chat-backend-simple`,
    },
    image: '10.43.170.72:5000/cortex-chat-backend-simple:latest',
    host: '10.43.170.72:5000',
    at: 'content',
    secrets: ['regcred'],
    since: at,
    ...of,
  }
}

export function verdictOf(of: Partial<PullVerdict> = {}): PullVerdict {
  return {
    cause: 'image-never-built',
    confidence: 'proven',
    title: 'Image never built',
    summary: text`${'10.43.170.72:5000/cortex-chat-backend-simple:latest'} is not in the registry, and nothing in this cluster builds it.`,
    because: [
      {
        says: text`the registry has ${6} repositories, and not this one`,
        source: 'GET http://10.43.170.72:5000/v2/_catalog',
        confidence: 'proven',
      },
      {
        says: text`none of ${23} builds among ${40} Jobs and CronJobs pushes it`,
        source: 'API server: list jobs and cronjobs in all namespaces',
        confidence: 'proven',
      },
    ],
    remedies: [
      {
        kind: 'action',
        title: text`Commit a build Job as ${'apps/cortex-chat/cortex-chat-backend-simple-build.yaml'}`,
      },
      {
        kind: 'command',
        title: text`See what builds there are`,
        argv: ['kubectl', '-n', 'cortex-chat', 'get', 'jobs'],
      },
    ],
    verify: [{ argv: ['kubectl', '-n', 'cortex-chat', 'rollout', 'status', 'deployment/cortex-chat-backend-simple'] }],
    prevent: [text`Pin a tag that does not move, or a digest, instead of latest.`],
    ...of,
  }
}

export function containerOf(of: Partial<ContainerDiagnosis> = {}): ContainerDiagnosis {
  const verdict = of.verdict ?? verdictOf()
  return {
    container: 'backend',
    image: '10.43.170.72:5000/cortex-chat-backend-simple:latest',
    at: 'content',
    host: '10.43.170.72:5000',
    verdict,
    also: [],
    chain: [verdict],
    undetermined: [],
    change: undefined,
    ...of,
  }
}

export function diagnosisOf(of: Partial<Diagnosis> = {}): Diagnosis {
  return {
    target: {
      cluster: 'prod-eu',
      namespace: 'cortex-chat',
      pod: 'cortex-chat-backend-simple-5d9cf86b95-26kvf',
      owner: { kind: 'Deployment', name: 'cortex-chat-backend-simple' },
      container: 'backend',
      image: '10.43.170.72:5000/cortex-chat-backend-simple:latest',
      node: 'node-2',
    },
    healthy: false,
    failing: [containerOf()],
    observations: [
      { check: 'manifest', known: true, ms: 12 },
      { check: 'pull-secrets', known: false, reason: 'not allowed (get secrets in cortex-chat)', ms: 3 },
    ],
    impact: { state: 'down', ready: 0, desired: 1, services: [] },
    route: undefined,
    note: undefined,
    ...of,
  }
}

/** Of which only the kubelet's words are known. */
export function freshIncident(of: Partial<Incident> = {}): Incident {
  return { ...newIncident({ id: '7Q4KM', channel: 'C0INCIDENTS', failure: failureOf(), at }), ...of }
}
