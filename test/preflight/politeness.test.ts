import { expect, test } from 'vitest'
import { basicAccess } from '../../src/simulator/registry/access.ts'
import { deployment, preflightWorld, shortOf } from '../support/preflight-world.ts'

const many = Array.from({ length: 20 }, (_, index) => ({ repository: `team/app-${index}`, tags: ['1'] }))

function inNamespace(namespace: string, yaml: string): string {
  const object = JSON.parse(yaml)
  return JSON.stringify({ ...object, metadata: { ...object.metadata, namespace } })
}

test('each image and login costs one HEAD, however many workloads and namespaces name it', async () => {
  const { check, asked } = await preflightWorld({ images: many })
  const workloads = many.flatMap(({ repository }) =>
    ['shop', 'bank', 'post'].map((namespace) => inNamespace(namespace, deployment(`HOST/${repository}:1`))),
  )
  const { images } = await check(workloads.join('\n---\n'))
  expect(images.map(shortOf)).toEqual(many.map(() => 'pulls'))
  expect(images.map(({ users }) => users.length)).toEqual(many.map(() => 3))
  const heads = asked.filter((it) => it.startsWith('HEAD'))
  expect(heads).toHaveLength(many.length)
  expect(new Set(heads).size).toBe(many.length)
})

test('the same login in secrets of two namespaces is one login', async () => {
  const access = basicAccess(new Map([['puller', 'right']]), 'test')
  const { check, asked } = await preflightWorld({ images: many, registry: { access } })
  const secret = (namespace: string) =>
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/dockerconfigjson' },
      metadata: { name: 'regcred', namespace },
      stringData: {
        '.dockerconfigjson': JSON.stringify({ auths: { HOST: { username: 'puller', password: 'right' } } }),
      },
    })
  const own = deployment('HOST/team/app-0:1', { imagePullSecrets: [{ name: 'regcred' }] })
  const documents = ['shop', 'bank'].flatMap((namespace) => [inNamespace(namespace, own), secret(namespace)])
  const { images } = await check(documents.join('\n---\n'))
  expect(images.map(shortOf)).toEqual(['pulls'])
  // The first one asks how to log in.
  expect(asked.filter((it) => it === 'HEAD /v2/team/app-0/manifests/1')).toHaveLength(2)
})

test('the cluster is asked no more for many workloads than for one', async () => {
  const one = await preflightWorld({ images: many })
  await one.check(deployment('HOST/team/app-0:1'))
  const all = await preflightWorld({ images: many })
  await all.check(many.map(({ repository }) => deployment(`HOST/${repository}:1`)).join('\n---\n'))
  expect(all.cluster.asked.toSorted()).toEqual(one.cluster.asked.toSorted())
})
