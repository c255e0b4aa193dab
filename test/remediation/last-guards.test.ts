import { describe, expect, test } from 'vitest'
import { buildJob } from '../../src/demo/sample/manifests.ts'
import type { ClusterWrites } from '../../src/kubernetes/writes.ts'
import type { ImageBuilds } from '../../src/playbooks/image-pull/checks/builds.ts'
import type { PlanWorld } from '../../src/remediation/action.ts'
import { rerunBuild } from '../../src/remediation/actions/rerun-build.ts'
import type { Approval } from '../../src/remediation/approvals/approval.ts'
import { approvalRecords } from '../../src/remediation/approvals/records.ts'
import { createSeal } from '../../src/remediation/approvals/seal.ts'
import { createExecutor } from '../../src/remediation/execution/execute.ts'
import { defaultActionTiming } from '../../src/remediation/settings.ts'
import { activeBuild } from '../../src/remediation/sources/job.ts'
import type { StepContext } from '../../src/remediation/step.ts'
import { createJob } from '../../src/remediation/steps/jobs.ts'
import { Secret } from '../../src/secret.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { withLease } from '../../src/store/lease.ts'
import type { Store } from '../../src/store/store.ts'
import { plain } from '../../src/text.ts'
import { only } from '../support/only.ts'
import { buildOf, seen, situationOf } from '../support/situation-of.ts'

// Others stand behind each of these, so that no flow through the whole program fails without it: here each stands alone.

test('while another process brings an action on, this one does not even read it', async () => {
  const leases = new Set<string>()
  const store = only<Store>({
    async lease(name: string) {
      if (leases.has(name)) return undefined
      leases.add(name)
      return { token: 1, renew: async () => true, release: async () => void leases.delete(name) }
    },
    read() {
      throw new Error('it was read')
    },
  })
  const notExpected = async () => {
    throw new Error('more was done than to read it')
  }
  const { act } = createExecutor({
    ...{ store, approvals: approvalRecords(store, createSeal(new Secret('xoxb-1'))), queue: { add: notExpected } },
    ...{ guard: notExpected, runStep: notExpected, reports: { show: notExpected, showEnd: notExpected } },
    ...{ timing: defaultActionTiming, now: () => new Date(), warn: () => undefined },
  })
  const { signal } = new AbortController()
  await withLease(store, 'act A1', async () => {
    expect(await act('A1', signal)).toEqual({ do: 'wait', ms: 1_000 })
  })
  await expect(act('A1', signal)).rejects.toThrow('it was read')
})

describe('a Job is created', () => {
  /** What comes of it and how many Jobs are sent, where the work is taken away as soon as it is noted as tried. */
  async function tried(takenAway: boolean): Promise<readonly [outcome: string, creations: number]> {
    let creations = 0
    const stop = new AbortController()
    const context = only<StepContext<unknown>>({
      ...{ memory: {}, since: new Date(), signal: stop.signal, approval: only<Approval>({ id: 'A1' }) },
      note: async () => (takenAway ? stop.abort(new Error('taken away')) : undefined),
      effect: async () => undefined,
      writes: only<ClusterWrites>({
        raw: async () => undefined,
        async create(_resource, namespace, manifest) {
          creations += 1
          return { ...manifest, metadata: { namespace, name: 'cart-build-r1', uid: 'u-1', resourceVersion: '1' } }
        },
      }),
    })
    const step = createJob<unknown>({
      name: () => ({ namespace: 'shop', name: 'cart-build-r1' }),
      manifest: async () => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'cart-build-r1' } }),
    })
    const outcome = await step.run(context).then(
      (done) => done.step,
      ({ message }: Error) => message,
    )
    return [outcome, creations]
  }

  test.each([
    ['once', false, ['done', 1]],
    ['not by a worker from which the work was taken meanwhile', true, ['taken away', 0]],
  ])('%s', async (_how, takenAway, expected) => {
    expect(await tried(takenAway)).toEqual(expected)
  })
})

test.each([
  ['runs', { active: 1 }, 'is already building it'],
  ['has failed', { failed: 1, conditions: [{ type: 'Failed', status: 'True' }] }, undefined],
])('a rerun is planned or refused where another Job that pushes the same image %s', async (_how, status, refusal) => {
  const failed = buildOf()
  const [destination = ''] = failed.destinations
  const other = buildJob({
    namespace: 'cortex-chat',
    name: 'by-hand',
    context: 'https://git.test/a.tar.gz',
    destination,
  })
  const cluster = memoryCluster([{ ...JSON.parse(other), status }])
  const situation = situationOf({
    cause: 'build-failed',
    builds: seen(only<ImageBuilds>({ exact: [failed] })),
  })
  const world = only<PlanWorld>({ cluster, raw: async () => undefined })
  const planned = await rerunBuild.plan(situation, world, new AbortController().signal)
  const refused = planned && 'refused' in planned ? plain(planned.refused) : ''
  // Without the Job that failed it is refused in any case: what counts is why.
  expect(refused.includes('is already building it')).toBe(refusal !== undefined)
  expect(refused).not.toBe('')
})

test('an offer does not list the builds again that the diagnosis has listed', async () => {
  const running = buildOf({ name: 'by-hand', state: 'running' })
  const cluster = memoryCluster([])
  const found = { builds: [running], looked: 1, complete: true, unread: [] }
  const { destinations } = running
  const { signal } = new AbortController()
  const known = await activeBuild({ known: true, value: found }, cluster, destinations, signal)
  expect([known?.name, cluster.requests]).toEqual(['by-hand', 0])
  expect(await activeBuild({ known: false, reason: 'nobody looked' }, cluster, destinations, signal)).toBeUndefined()
  expect(cluster.requests).toBeGreaterThan(0)
})
