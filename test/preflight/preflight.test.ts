import { expect, test } from 'vitest'
import { basicAccess } from '../../src/simulator/registry/access.ts'
import { repositoryIn } from '../../src/simulator/registry/storage.ts'
import { deployment, type GivenWorld, nodeManifest, preflightWorld, shortOf } from '../support/preflight-world.ts'

const app = { repository: 'team/app', tags: ['1.0'] }
const locked = { access: basicAccess(new Map([['puller', 'right']]), 'test') }

function pullSecret(name: string, auths: object): string {
  const config = JSON.stringify({ auths })
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'shop' },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': config },
  })
}
const stored = (secret: string): string => {
  const { stringData, ...rest } = JSON.parse(secret)
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(`${value}`).toString('base64')])
  return JSON.stringify({ ...rest, data: Object.fromEntries(encoded) })
}
const login = (password: string, host = 'HOST') => ({ [host]: { username: 'puller', password } })
const account = (...names: string[]): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'shop' },
    imagePullSecrets: names.map((name) => ({ name })),
  })
const withSecret = { imagePullSecrets: [{ name: 'regcred' }] }
const both = { nodes: `${nodeManifest('node-1', 'amd64')}\n---\n${nodeManifest('node-2', 'arm64')}` }

interface Case {
  readonly name: string
  readonly given?: GivenWorld
  readonly yaml: string
  readonly says: string
}

const pod = (...documents: string[]): string => documents.join('\n---\n')

const cases: readonly Case[] = [
  { name: 'a healthy image', yaml: deployment('HOST/team/app:1.0'), says: 'pulls' },
  { name: 'a tag that is not there', yaml: deployment('HOST/team/app:1.1'), says: 'fails: tag-missing' },
  {
    name: 'a repository that is not there',
    yaml: deployment('HOST/team/other:1.0'),
    says: 'fails: repository-missing',
  },
  { name: 'no tag, and no latest', yaml: deployment('HOST/team/app'), says: 'fails: default-tag-missing' },
  {
    name: 'a digest that is not there',
    yaml: deployment(`HOST/team/app@sha256:${'0'.repeat(64)}`),
    says: 'fails: digest-missing',
  },
  { name: 'a space in the name', yaml: deployment('HOST/team/app: 1.0'), says: 'fails: invalid-image-name' },
  { name: 'capital letters', yaml: deployment('HOST/Team/app:1.0'), says: 'fails: invalid-image-name' },
  {
    name: 'latest, which is there',
    given: { images: [{ repository: 'team/app', tags: ['latest'] }] },
    yaml: deployment('HOST/team/app:latest'),
    says: 'pulls: mutable-tag',
  },
  {
    name: 'a registry that wants a login, and no pull secret',
    given: { registry: locked },
    yaml: deployment('HOST/team/app:1.0'),
    says: 'fails: credentials-missing',
  },
  {
    name: 'a login that is right, in the manifest beside it',
    given: { registry: locked },
    yaml: pod(deployment('HOST/team/app:1.0', withSecret), pullSecret('regcred', login('right'))),
    says: 'pulls',
  },
  {
    name: 'a login that is right, in the cluster, by the ServiceAccount',
    given: {
      registry: locked,
      cluster: (host) => pod(account('regcred'), stored(pullSecret('regcred', login('right', host)))),
    },
    yaml: deployment('HOST/team/app:1.0'),
    says: 'pulls',
  },
  {
    name: 'a ServiceAccount of the manifest, without a word on pull secrets',
    given: {
      registry: locked,
      cluster: (host) => pod(account('regcred'), stored(pullSecret('regcred', login('right', host)))),
    },
    yaml: pod(deployment('HOST/team/app:1.0'), account()),
    says: 'pulls',
  },
  {
    name: 'the manifest replaces a login that was right',
    given: { registry: locked, cluster: (host) => stored(pullSecret('regcred', login('right', host))) },
    yaml: pod(deployment('HOST/team/app:1.0', withSecret), pullSecret('regcred', login('wrong'))),
    says: 'fails: credentials-rejected',
  },
  {
    name: 'a pull secret that nobody made',
    given: { registry: locked },
    yaml: deployment('HOST/team/app:1.0', withSecret),
    says: 'fails: pull-secret-missing',
  },
  {
    name: 'a pull secret for another registry',
    given: { registry: locked },
    yaml: pod(
      deployment('HOST/team/app:1.0', withSecret),
      pullSecret('regcred', { 'ghcr.io': { username: 'a', password: 'b' } }),
    ),
    says: 'fails: pull-secret-unmatched',
  },
  {
    name: 'a pull secret that does not decode, for a public image',
    yaml: pod(deployment('HOST/team/app:1.0', withSecret), pullSecret('regcred', { HOST: { auth: '%%%' } })),
    says: 'fails: pull-secret-malformed',
  },
  {
    name: 'a pull secret that is missing, for a public image',
    yaml: deployment('HOST/team/app:1.0', withSecret),
    says: 'pulls: pull-secret-missing',
  },
  {
    name: 'Secrets may not be read',
    given: { registry: locked, forbid: [{ verb: 'get', resource: 'secrets' }] },
    yaml: deployment('HOST/team/app:1.0', withSecret),
    says: 'unknown',
  },
  {
    name: 'ServiceAccounts may not be read',
    given: { registry: locked, forbid: [{ verb: 'get', resource: 'serviceaccounts' }] },
    yaml: deployment('HOST/team/app:1.0'),
    says: 'unknown',
  },
  {
    name: 'an index without the platform of a node',
    given: { images: [{ ...app, index: true }], cluster: both.nodes },
    yaml: deployment('HOST/team/app:1.0'),
    says: 'fails: platform-mismatch',
  },
  {
    name: 'the same, where the nodeSelector rules that node out',
    given: { images: [{ ...app, index: true }], cluster: both.nodes },
    yaml: deployment('HOST/team/app:1.0', { nodeSelector: { 'kubernetes.io/arch': 'amd64' } }),
    says: 'pulls',
  },
  {
    name: 'an index for both platforms',
    given: { images: [{ ...app, platforms: ['linux/amd64', 'linux/arm64'] }], cluster: both.nodes },
    yaml: deployment('HOST/team/app:1.0'),
    says: 'pulls',
  },
  {
    name: 'a single image for another processor',
    given: { images: [{ ...app, platforms: ['linux/arm64'] }] },
    yaml: deployment('HOST/team/app:1.0'),
    says: 'fails: exec-format',
  },
  {
    name: 'a single image for another operating system',
    given: { images: [{ ...app, platforms: ['windows/amd64'] }] },
    yaml: deployment('HOST/team/app:1.0'),
    says: 'fails: wrong-os-image',
  },
  {
    name: 'no node fits the pod',
    given: { images: [{ ...app, platforms: ['linux/arm64'] }] },
    yaml: deployment('HOST/team/app:1.0', { nodeSelector: { disk: 'fast' } }),
    says: 'pulls',
  },
  {
    name: 'IfNotPresent, and one node has what is gone',
    given: {
      cluster: pod(
        nodeManifest('node-1', 'amd64', {}, { images: [{ names: ['HOST/team/app:gone'] }] }),
        nodeManifest('node-2', 'amd64'),
      ),
    },
    yaml: deployment('HOST/team/app:gone'),
    says: 'fails: tag-missing, kept-on-nodes',
  },
  {
    name: 'IfNotPresent, and every node has what is gone',
    given: { cluster: nodeManifest('node-1', 'amd64', {}, { images: [{ names: ['HOST/team/app:gone'] }] }) },
    yaml: deployment('HOST/team/app:gone'),
    says: 'pulls: kept-on-every-node',
  },
  {
    name: 'Always, and the node has what is gone',
    given: { cluster: nodeManifest('node-1', 'amd64', {}, { images: [{ names: ['HOST/team/app:gone'] }] }) },
    yaml: deployment('HOST/team/app:gone', {}, { imagePullPolicy: 'Always' }),
    says: 'fails: tag-missing',
  },
  {
    name: 'Never, and no node has it',
    yaml: deployment('HOST/team/app:1.0', {}, { imagePullPolicy: 'Never' }),
    says: 'fails: image-never-pulled',
  },
  {
    name: 'Never, and the node has it',
    given: { cluster: nodeManifest('node-1', 'amd64', {}, { images: [{ names: ['HOST/team/app:gone'] }] }) },
    yaml: deployment('HOST/team/app:gone', {}, { imagePullPolicy: 'Never' }),
    says: 'pulls',
  },
  { name: 'a registry that does not answer', yaml: deployment('127.0.0.1:9/team/app:1.0'), says: 'unknown' },
]

test.each(cases)('$name: $says', async ({ given, yaml, says }) => {
  const { check } = await preflightWorld({ images: [app], ...given })
  const { images } = await check(yaml)
  expect(images.map(shortOf)).toEqual([says])
})

test('the manifest of the platform is gone behind its index', async () => {
  const { check, storage } = await preflightWorld({ images: [{ ...app, platforms: ['linux/amd64', 'linux/arm64'] }] })
  const { manifests } = repositoryIn(storage, 'team/app')
  const child = [...manifests].find(([, { body }]) => body.includes('config'))?.[0] ?? ''
  manifests.delete(child)
  const { images } = await check(deployment('HOST/team/app:1.0'), {})
  expect(images.map(shortOf)).toEqual(['fails: index-child-missing'])
})
