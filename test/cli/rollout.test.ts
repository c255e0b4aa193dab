import { expect, test } from 'vitest'
import { servedRegistry } from '../support/preflight-world.ts'
import { runCommand } from '../support/run-command.ts'
import { servedCluster } from '../support/served-cluster.ts'

const labels = { app: 'web' }

function deployment(image: string, status: object): object {
  return {
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'd' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } },
    },
    status,
  }
}

test('a Deployment that is ready', async () => {
  const ready = deployment('a:1', { updatedReplicas: 1, replicas: 1, availableReplicas: 1 })
  await using cluster = await servedCluster([ready])
  const run = ['rollout', 'deploy/web', '-n', 'shop', '--kubeconfig', cluster.kubeconfig] as const
  const text = await runCommand(...run)
  expect([text.code, text.output]).toEqual([0, '✓ deployment shop/web: ready, 1 pod updated and available\n'])
  const json = await runCommand(...run, '-o', 'json')
  expect(JSON.parse(json.output)).toMatchObject({ type: 'end', outcome: 'ready', exitCode: 0, verdict: null })
})

test('a pod that cannot pull for good: each event is a line of JSON, and the last one has the verdict', async () => {
  const { host } = await servedRegistry({ images: [{ repository: 'team/app', tags: ['1'] }] })
  const image = `${host}/team/app:9`
  const message = `failed to pull and unpack image "${image}": ${image}: not found`
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'rs', controller: true }
  const pod = {
    kind: 'Pod',
    metadata: { name: 'web-1-a', namespace: 'shop', uid: 'p', labels, ownerReferences: [owner] },
    spec: { containers: [{ name: 'main', image }] },
    status: {
      phase: 'Pending',
      containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ErrImagePull', message } } }],
    },
  }
  await using cluster = await servedCluster([deployment(image, { updatedReplicas: 1, replicas: 1 }), pod])
  const run = ['rollout', 'web', '-n', 'shop', '--kubeconfig', cluster.kubeconfig] as const
  const { code, output } = await runCommand(...run, '-o', 'json', '--timeout', '1m')
  const events = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(code).toBe(5)
  expect(events.map(({ type }) => type)).toEqual(['progress', 'pull-failing', 'end'])
  expect(events[1]).toMatchObject({ lasting: 'final', goesOn: false, verdict: { cause: 'tag-missing' } })
  expect(events[2]).toMatchObject({
    outcome: 'pull-failed',
    exitCode: 5,
    verdict: { cause: 'tag-missing' },
    route: null,
  })
  const text = await runCommand(...run)
  expect(text.output).toContain(
    '✗ web-1-a: Tag missing (proven, tag-missing): it fails again until somebody changes something',
  )
})

test.each([
  ['no such target', ['rollout', 'deploy/other', '-n', 'shop'], 3],
  ['a kind without a rollout', ['rollout', 'cronjob/web', '-n', 'shop'], 2],
  ['a time that is none', ['rollout', 'deploy/web', '--timeout', 'soon'], 2],
])('%s', async (_name, argv, code) => {
  await using cluster = await servedCluster([])
  expect((await runCommand(...argv, '--kubeconfig', cluster.kubeconfig)).code).toBe(code)
})
