import { describe, expect, test } from 'vitest'
import { type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const image = (tag: string) => `registry.test:5000/app:${tag}`
const template = (tag: string, pod: object = {}, container: object = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { ...pod, containers: [{ name: 'main', image: image(tag), ...container }] },
})
async function send(cluster: SmallCluster, method: string, path: string, body: object = {}, type = 'application/json') {
  const headers = { 'content-type': type }
  const answer = await cluster.handle({ method, path, headers, body: JSON.stringify(body) })
  return { status: answer.status, body: JSON.parse(answer.body) }
}

describe('a Job', () => {
  const ending = (exitCode: number) => ({
    'imagepull.dev/program': 'crash',
    'imagepull.dev/exit-code': String(exitCode),
  })
  const images = [
    { repository: 'app', tags: ['0'], labels: ending(0) },
    { repository: 'app', tags: ['1'], labels: ending(1) },
    { repository: 'app', tags: ['2'] },
  ]
  const job = (tag: string, spec: object = {}, policy = 'Never') =>
    JSON.stringify({
      kind: 'Job',
      metadata: { namespace: 'shop', name: 'web' },
      spec: { template: template(tag, { restartPolicy: policy }), ...spec },
    })

  test.each([
    ['0', {}, 'Complete', 'CompletionsReached', 1, 0],
    ['0', { completions: 2, parallelism: 2 }, 'Complete', 'CompletionsReached', 2, 0],
    ['1', { backoffLimit: 0 }, 'Failed', 'BackoffLimitExceeded', 0, 1],
    ['1', { backoffLimit: 1 }, 'Failed', 'BackoffLimitExceeded', 0, 2],
    ['2', { activeDeadlineSeconds: 5 }, 'Failed', 'DeadlineExceeded', 0, 0],
    ['9', { activeDeadlineSeconds: 5 }, 'Failed', 'DeadlineExceeded', 0, 0],
  ])('whose program ends with %s and %j: %s', async (tag, spec, type, reason, succeeded, failed) => {
    const cluster = await smallCluster(images)
    await cluster.apply(job(tag, spec))
    const status = await cluster.until('it ends', () => {
      const [it] = cluster.list('jobs')
      return it?.status.conditions.some((condition) => condition.type === type) && it.status
    })
    expect(status.conditions.find((it) => it.type === type)).toMatchObject({ status: 'True', reason })
    expect(status).toMatchObject({ active: 0, succeeded, failed })
  })

  test('that is suspended has no pod until it goes on', async () => {
    const cluster = await smallCluster(images)
    await cluster.apply(job('0', { suspend: true }))
    await cluster.until('it is looked at', () => cluster.list('jobs')[0]?.status.startTime)
    expect(cluster.pods('web')).toEqual([])
    await send(
      cluster,
      'PATCH',
      '/apis/batch/v1/namespaces/shop/jobs/web',
      { spec: { suspend: false } },
      'application/merge-patch+json',
    )
    await cluster.until('it completes', () => cluster.list('jobs')[0]?.status.succeeded === 1)
  })

  test.each([
    ['Background', 0],
    ['Foreground', 0],
    ['Orphan', 1],
  ])('deleted with %s leaves %i pods', async (propagationPolicy, left) => {
    const cluster = await smallCluster(images)
    await cluster.apply(job('2'))
    await cluster.ready('web')
    await send(cluster, 'DELETE', '/apis/batch/v1/namespaces/shop/jobs/web', { propagationPolicy })
    await cluster.until('the Job is gone', () => cluster.list('jobs').length === 0)
    await cluster.until(`${left} pods are left`, () => cluster.pods('web').length === left)
  })
})
