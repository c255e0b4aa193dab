import { expect, test } from 'vitest'
import { noOffers } from '../../src/incidents/incident.ts'
import { createInvestigation } from '../../src/incidents/investigation/investigate.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { failingPods, podName } from '../support/failing-pods.ts'
import { incidentParts } from '../support/incident-parts.ts'
import { failureOf, freshIncident } from '../support/incident-samples.ts'

const wait = ({ signal }: { readonly signal?: AbortSignal | undefined }): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))

/** A registry that does not answer until the caller gives up. */
const silent: Registry = {
  ...{ manifest: wait, content: wait, blob: wait, tags: wait, repositories: wait },
  close: () => undefined,
  requests: 0,
}

test('the first check of an incident takes recent answers of registries, and each later one asks again', async () => {
  const image = '10.43.170.72:5000/web:9.9'
  const parts = incidentParts({ clusters: { test: failingPods([{ name: 'web', image, pods: 1 }]) } })
  const subject = failureOf({
    ...{ cluster: 'test', namespace: 'shop', pod: podName('web', 0), uid: '' },
    workload: { kind: 'Deployment', name: 'web', key: 'shop/Deployment/web' },
  })
  const { id } = await parts.incidents.create(freshIncident({ cluster: 'test', subject }))
  const investigate = createInvestigation({ ...parts, findOffers: async () => noOffers })
  for (let check = 0; check < 2; check++) await investigate(id, { signal: new AbortController().signal })
  expect(parts.opened).toEqual(['recent', 'new'])
  expect(parts.closed).toHaveLength(2)
})

test('where a diagnosis takes all of its time, its buttons still have theirs', async () => {
  const seen: { signal?: AbortSignal } = {}
  const parts = incidentParts({
    clusters: { test: failingPods([{ name: 'web', image: '10.43.170.72:5000/web:9.9', pods: 1 }]) },
    registry: silent,
    timing: { check: 400 },
  })
  const investigate = createInvestigation({
    ...parts,
    async findOffers(_incident, _seen, signal) {
      seen.signal = signal
      return noOffers
    },
  })
  const subject = failureOf({
    ...{ cluster: 'test', namespace: 'shop', pod: podName('web', 0), uid: '' },
    workload: { kind: 'Deployment', name: 'web', key: 'shop/Deployment/web' },
  })
  const { id } = await parts.incidents.create(freshIncident({ cluster: 'test', subject }))
  const began = performance.now()
  await investigate(id, { signal: new AbortController().signal })
  expect(performance.now() - began).toBeGreaterThanOrEqual(400) // its whole time
  expect(seen.signal?.aborted).toBe(false)
  expect(parts.closed).toHaveLength(1)
})
