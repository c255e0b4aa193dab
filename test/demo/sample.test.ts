import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { situations } from '../../src/demo/sample/situations.ts'
import { type Sample, startSample } from '../../src/demo/sample/world.ts'
import { plain } from '../../src/text.ts'
import { diagnoseSample } from '../support/diagnose-sample.ts'

/** Situation, its cause, how sure, whether it serves, and a part of what is said. */
const verdicts = [
  ['never-built', 'image-never-built', 'down', 'nothing in this cluster builds it'],
  ['tls-on-one-node', 'tls-handshake-failed', 'serving', 'node-4 and registry-1.docker.io'],
  ['push-timed-out', 'build-failed', 'no-traffic', 'An earlier 10.43.170.72:5000/moe-router:latest is in the registry'],
  ['build-failed', 'build-failed', 'down', 'Job shop/cart-build'],
  ['build-running', 'build-running', 'down', 'still running'],
  ['tag-typo', 'tag-missing', 'serving', 'Nearest: 2.4.1 (with or without v)'],
  ['still-serving', 'tag-missing', 'serving', 'has no tag 4.0'],
  [
    'secret-for-other-port',
    'pull-secret-unmatched',
    'serving',
    'registry.acme.io, but the image needs registry.acme.io:5443',
  ],
  ['secret-missing', 'pull-secret-missing', 'down', 'acme-pull does not exist in namespace payments'],
  ['login-rejected', 'credentials-rejected', 'serving', 'rejects the login of secret shop/harbor'],
  ['rate-limited', 'rate-limited', 'down', 'too many requests'],
  ['registry-down', 'registry-down', 'down', 'its Service data/registry has no ready pod'],
  ['platform-mismatch', 'platform-mismatch', 'down', 'is available for linux/arm64/v8'],
  ['digest-gone', 'digest-missing', 'degraded', 'has no manifest sha256:'],
  ['host-typo', 'registry-host-unknown', 'down', 'no host named ghrc.io'],
  ['invalid-name', 'invalid-image-name', 'down', '"$TAG" was not filled in'],
] as const

function targetOf(sample: Sample, name: string): string {
  return sample.situations.find((it) => it.name === name)?.target ?? ''
}

describe('the sample cluster, diagnosed', () => {
  let sample: Sample
  beforeAll(async () => {
    sample = await startSample()
  })
  afterAll(() => sample?.stop())

  test('every situation is in the tables of this test', () => {
    const told = [...verdicts.map(([name]) => name), 'crash-loop', 'healthy']
    expect(sample.situations.map(({ name }) => name).toSorted()).toEqual(told.toSorted())
  })

  test.each(verdicts)('%s: %s', async (name, cause, impact, words) => {
    const diagnosis = await diagnoseSample(sample, targetOf(sample, name))
    const verdict = diagnosis.failing[0]?.verdict
    expect(verdict).toMatchObject({ cause, confidence: 'proven' })
    expect(diagnosis.impact?.state).toBe(impact)
    expect(verdict && plain(verdict.summary)).toContain(words)
    expect(diagnosis.failing[0]?.undetermined).toEqual([])
  })

  test('a push that timed out is another playbook, too', async () => {
    const { route } = await diagnoseSample(sample, targetOf(sample, 'push-timed-out'))
    expect(route?.playbook).toBe('kaniko-build-timeouts')
  })

  test('a crash loop is another playbook', async () => {
    const diagnosis = await diagnoseSample(sample, targetOf(sample, 'crash-loop'))
    expect(diagnosis).toMatchObject({ healthy: false, failing: [], route: { playbook: 'crashloop-backoff' } })
  })

  test('there is nothing else to mend', async () => {
    await expect(sample.mend('nope')).rejects.toThrow('no situation nope')
  })

  test('what runs is healthy', async () => {
    const diagnosis = await diagnoseSample(sample, targetOf(sample, 'healthy'))
    expect(diagnosis).toMatchObject({ healthy: true, failing: [], impact: { state: 'serving', ready: 3 } })
  })
})

interface Listed {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels: Readonly<Record<string, string>> }
  readonly spec: Readonly<Record<string, unknown>>
  readonly status?: {
    readonly replicas?: number
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly readyReplicas?: number
    readonly updatedReplicas?: number
  }
}

describe('the sample cluster, mended', () => {
  let sample: Sample
  beforeAll(async () => {
    sample = await startSample({ speed: 20 })
  })
  afterAll(() => sample?.stop())

  async function ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const headers = { 'content-type': 'application/json' }
    const text = body === undefined ? '' : JSON.stringify(body)
    const answer = await sample.handle({ method, path, headers, body: text })
    expect(answer.status, answer.body).toBeLessThan(300)
    return JSON.parse(answer.body)
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + 60_000
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`${what}: not within a minute`)
      await sleep(20)
    }
  }

  const isTrue = ({ status }: Listed, type: string): boolean =>
    status?.conditions?.some((it) => it.type === type && it.status === 'True') ?? false

  /** As a person deletes it: whoever owns it makes it again. */
  async function deleteStuckPods(namespace: string, app: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/pods`
    const { items } = await ask<{ items: Listed[] }>('GET', `${path}?labelSelector=app=${app}`)
    for (const pod of items.filter((it) => !isTrue(it, 'Ready')))
      await ask('DELETE', `${path}/${pod.metadata.name}`, { preconditions: { uid: pod.metadata.uid } })
  }

  /** As the bot does it: a copy under another name. */
  async function rerun(namespace: string, name: string): Promise<void> {
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs`
    const { spec } = await ask<Listed>('GET', `${path}/${name}`)
    const { selector: _selector, template, ...rest } = spec
    const { spec: pod } = template as { readonly spec: object } // every Job has one
    const copy = { kind: 'Job', metadata: { name: `${name}-r1` }, spec: { ...rest, template: { spec: pod } } }
    await ask('POST', `${path}?dryRun=All`, copy)
    await ask('POST', path, copy)
    await until(`${name}-r1 completes`, async () => isTrue(await ask<Listed>('GET', `${path}/${name}-r1`), 'Complete'))
  }

  const builds: Readonly<Record<string, string>> = {
    'build-failed': 'cart-build',
    'push-timed-out': 'moe-router-build-2',
  }
  const sets: Readonly<Record<string, string>> = { 'rate-limited': 'statefulsets' }
  const mendable = situations
    .filter(({ name }) => name !== 'healthy')
    .map(({ name, target }) => [name, target] as const)

  test.each(mendable)('%s heals', async (name, target) => {
    const [namespace = '', app = ''] = target.replace('/job/moe-router-build-2', '/moe-router').split('/')
    await sample.mend(name)
    if (builds[name]) await rerun(namespace, builds[name])
    if (name === 'never-built' || name === 'build-running') await builtFor(namespace, app)
    await deleteStuckPods(namespace, app)
    const path = `/apis/apps/v1/namespaces/${namespace}/${sets[name] ?? 'deployments'}/${app}`
    await until(`${app} is ready`, async () => {
      const { spec, status } = await ask<Listed>('GET', path)
      const counts = [status?.replicas, status?.updatedReplicas, status?.readyReplicas]
      return counts.every((count) => count === spec.replicas)
    })
    expect(await diagnoseSample(sample, `${namespace}/${app}`)).toMatchObject({ healthy: true, failing: [] })
  })

  async function builtFor(namespace: string, app: string): Promise<void> {
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/${app}-build`
    await until(`${app}-build completes`, async () => isTrue(await ask<Listed>('GET', path), 'Complete'))
  }
})
