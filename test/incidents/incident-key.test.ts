import { expect, test } from 'vitest'
import { incidentKey } from '../../src/incidents/incident-key.ts'
import type { ContainerDiagnosis, Diagnosis } from '../../src/playbooks/image-pull/diagnosis.ts'
import { text } from '../../src/text.ts'

interface Case {
  readonly cause: string
  readonly at: ContainerDiagnosis['at']
  readonly host?: string
  readonly pod?: string
  readonly namespace?: string
  readonly image?: string
  readonly owner?: Diagnosis['target']['owner']
}

function diagnosisOf({ cause, at, host, pod = 'web-5d9c-abcde', namespace = 'shop', image, owner }: Case): Diagnosis {
  const name = image ?? 'registry.test:5000/web:1.0'
  const verdict = {
    cause,
    confidence: 'proven' as const,
    title: cause,
    summary: text`It fails.`,
    because: [],
    remedies: [],
    verify: [],
    prevent: [],
  }
  const failing: ContainerDiagnosis = {
    container: 'web',
    image: name,
    at,
    host,
    verdict,
    also: [],
    chain: [verdict],
    undetermined: [],
    change: undefined,
  }
  const whose = owner === undefined ? {} : { owner }
  return {
    target: { cluster: 'prod', namespace, pod, container: 'web', image: name, node: 'node-7', ...whose },
    healthy: false,
    failing: [failing],
    observations: [],
    impact: undefined,
    route: undefined,
    note: undefined,
  }
}

const web = { kind: 'Deployment', name: 'web' }

test.each<[string, Case, Case]>([
  [
    'a registry that is refused, and then down',
    { cause: 'registry-refused', at: 'way', host: 'registry.test:5000' },
    { cause: 'registry-down', at: 'way', host: 'registry.test:5000', namespace: 'other', pod: 'b' },
  ],
  [
    'two pods of one image that was never built',
    { cause: 'image-never-built', at: 'content' },
    { cause: 'tag-missing', at: 'content', namespace: 'other', pod: 'b' },
  ],
  [
    'two images of one registry that a namespace may not pull',
    { cause: 'credentials-missing', at: 'access' },
    { cause: 'credentials-missing', at: 'access', image: 'registry.test:5000/other:2' },
  ],
  ['a node without space', { cause: 'node-disk-full', at: 'node' }, { cause: 'node-disk-full', at: 'node', pod: 'b' }],
  [
    'lost words of two pods of one owner',
    { cause: 'unknown', at: 'nowhere', owner: web },
    { cause: 'unknown', at: 'nowhere', owner: web, pod: 'web-5d9c-zzzzz' },
  ],
])('one incident: %s', (_of, one, other) => {
  expect(incidentKey(diagnosisOf(one))).toBe(incidentKey(diagnosisOf(other)))
})

test.each<[string, Case, Case]>([
  [
    'two registries',
    { cause: 'registry-timeout', at: 'way', host: 'a.test' },
    { cause: 'registry-timeout', at: 'way', host: 'b.test' },
  ],
  [
    'one secret missing in two namespaces',
    { cause: 'pull-secret-missing', at: 'access' },
    { cause: 'pull-secret-missing', at: 'access', namespace: 'other' },
  ],
  [
    'two bare pods whose words are lost',
    { cause: 'unknown', at: 'nowhere' },
    { cause: 'unknown', at: 'nowhere', pod: 'b' },
  ],
])('two incidents: %s', (_of, one, other) => {
  expect(incidentKey(diagnosisOf(one))).not.toBe(incidentKey(diagnosisOf(other)))
})

test('nothing that fails is no incident', () => {
  expect(incidentKey({ ...diagnosisOf({ cause: 'unknown', at: 'nowhere' }), failing: [] })).toBeUndefined()
})
