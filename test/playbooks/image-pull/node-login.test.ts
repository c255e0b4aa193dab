import { describe, expect, test } from 'vitest'
import { toPlaybookSettings } from '../../../src/app/from-config.ts'
import { configurationSchema } from '../../../src/config/configuration.ts'
import type { Observation } from '../../../src/diagnosis/check.ts'
import { createRun } from '../../../src/diagnosis/run.ts'
import { credentialProviderSilent } from '../../../src/playbooks/image-pull/causes/access/credential-provider-silent.ts'
import { credentialsMissing } from '../../../src/playbooks/image-pull/causes/access/credentials-missing.ts'
import { tagMissing } from '../../../src/playbooks/image-pull/causes/content/tag-missing.ts'
import { nodeIdentityFor } from '../../../src/playbooks/image-pull/checks/node-login.ts'
import { manifest } from '../../../src/playbooks/image-pull/checks/registry.ts'
import { existenceEvidence } from '../../../src/playbooks/image-pull/evidence/answers.ts'
import { theImage, theRegistry, theSettings } from '../../../src/playbooks/image-pull/inputs.ts'
import { RegistryError } from '../../../src/registry/errors.ts'
import type { ManifestAnswer, Question, Registry } from '../../../src/registry/registry.ts'
import { Secret } from '../../../src/secret.ts'
import { plain } from '../../../src/text.ts'
import { judgeByFacts } from '../../support/judge-by-facts.ts'
import { only } from '../../support/only.ts'

const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const nodeOf = (providerID: string, ...labels: string[]) => ({
  metadata: { labels: Object.fromEntries(labels.map((label) => [label, 'x'])) },
  spec: { providerID },
  status: { nodeInfo: { operatingSystem: 'linux', architecture: 'amd64' } },
})
const eks = nodeOf('aws:///eu-west-1a/i-0', 'eks.amazonaws.com/nodegroup')

describe('which nodes log in by themselves', () => {
  test.each([
    ['EKS, its ECR', eks, ecr, 'aws', true],
    ['EKS on Fargate', nodeOf('aws:///eu-west-1a/fargate-ip', 'eks.amazonaws.com/compute-type'), ecr, 'aws', true],
    ['EKS, ECR in China', eks, '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'aws', true],
    ['EKS, ECR with FIPS', eks, '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'aws', true],
    ['EKS, ECR over IPv6', eks, '123456789012.dkr-ecr.eu-west-1.on.aws', 'aws', true],
    ['an own cluster on EC2', nodeOf('aws:///eu-west-1a/i-0'), ecr, 'aws', false],
    ['GKE', nodeOf('gce://p/z/n', 'cloud.google.com/gke-nodepool'), 'europe-docker.pkg.dev', 'google', true],
    [
      'GKE, the old registry',
      nodeOf('gce://p/z/n', 'cloud.google.com/gke-os-distribution'),
      'eu.gcr.io',
      'google',
      true,
    ],
    ['AKS', nodeOf('azure:///subscriptions/s', 'kubernetes.azure.com/cluster'), 'shop.azurecr.io', 'azure', true],
  ])('%s', (_name, node, host, cloud, managed) => {
    expect(nodeIdentityFor(host, node)).toMatchObject({ cloud, managed })
  })

  test.each([
    ['EKS, the registry of another cloud', eks, 'europe-docker.pkg.dev'],
    ['EKS, Docker Hub', eks, 'docker.io'],
    ['EKS, the public ECR', eks, 'public.ecr.aws'],
    ['a name that only begins like it', eks, `${ecr}.evil.test`],
    ['no cloud', nodeOf('k3s://n1'), ecr],
  ])('not %s', (_name, node, host) => {
    expect(nodeIdentityFor(host, node)).toBeUndefined()
  })
})

const image = `${ecr}/shop/web:1`
const reference = { valid: true, reference: { host: ecr, repository: 'shop/web', tag: '1' } }
const question = { host: ecr, repository: 'shop/web', reference: '1', plainHttp: false }
const asked = { method: 'GET', url: `https://${ecr}/v2/shop/web/manifests/1` } as const
const refused = { status: 'unauthorized', asked, http: 401, by: 'registry', scheme: 'basic' } as const
const names = {
  ...{ namespace: 'shop', pod: 'web-1', container: 'web', image, host: ecr },
  node: 'n1',
  owner: 'pod/web-1',
}
const said = (kind: string, cause: string, credential?: string) => ({
  ...{ container: 'web', image, kinds: [kind], state: 'failing', secretsNotFound: [] },
  said: { by: 'status', message: 'words', reading: { kind, cause, text: 'words', clauses: [], credential } },
})
const facts = { reference, names, 'registry-question': question, credentials: { matching: [] }, 'pull-secrets': [] }

/** What the registry says from here, where the pod has no pull secret. */
async function asksWith(
  node: object | undefined,
  { loggedIn = false, own }: { readonly loggedIn?: boolean; readonly own?: ManifestAnswer | Error } = {},
): Promise<Observation<unknown>> {
  const known: Readonly<Record<string, unknown>> = { ...facts, node }
  const run = createRun({
    signal: new AbortController().signal,
    recall: (_path, id) => (id in known ? { known: true, value: known[id] } : undefined),
    defect: (_where, error) => expect.fail(String(error)),
  })
  const answer = async ({ credential }: Question) => (credential && own && !(own instanceof Error) ? own : refused)
  theRegistry.give(run, only<Registry>({ manifest: answer }))
  theSettings.give(run, {
    ...toPlaybookSettings(configurationSchema.parse({}), []),
    async login() {
      if (own instanceof Error) throw own
      return own && { source: "imagepull's own AWS identity", username: 'AWS', password: new Secret('c4n4ry') }
    },
  })
  theImage.give(run, { image, plainHttp: false, loggedIn })
  return manifest.ask(run)
}

test('an anonymous 401 says nothing about what a node of the same cloud may pull', async () => {
  expect(await asksWith(eks)).toMatchObject({ known: false, reason: expect.stringContaining('IAM role') })
  expect(await asksWith(nodeOf('k3s://n1'))).toMatchObject({ known: true, value: { answer: refused } })
})

test('nor where the registry told the node more than it tells a stranger', async () => {
  expect(await asksWith(nodeOf('k3s://n1'), { loggedIn: true })).toMatchObject({ known: false })
})

describe("imagepull's own login", () => {
  const asked = { method: 'HEAD', url: 'https://a.example/', credential: "imagepull's own AWS identity" } as const

  test('says what does not exist for anybody', async () => {
    const own: ManifestAnswer = { status: 'missing', asked }
    expect(await asksWith(eks, { own })).toMatchObject({ known: true, value: { answer: own, tried: [] } })
  })

  test('never says that the node may pull what exists', async () => {
    const own: ManifestAnswer = { status: 'found', asked, mediaType: '' }
    expect(await asksWith(eks, { own })).toMatchObject({ known: false, reason: expect.stringContaining('IAM role') })
  })

  test('that cannot be had is why nobody could look', async () => {
    const own = new RegistryError('login-unavailable', 'log in', 'imagepull has no login')
    expect(await asksWith(eks, { own })).toMatchObject({ known: false, code: 'login-unavailable' })
  })

  test.each([
    [{ status: 'found', asked, mediaType: '' } as const, 'the image exists'],
    [{ status: 'missing', asked } as const, 'the image is missing'],
  ])('is a line of evidence with whose rights it were: %j', (answer, words) => {
    const [line] = existenceEvidence(answer)
    expect(line && plain(line.says)).toContain(words)
    expect(line?.source).toContain("with the login of imagepull's own AWS identity")
  })

  test('a refusal says nothing', () => {
    expect(existenceEvidence(refused)).toEqual([])
  })
})

describe('verdicts on EKS', () => {
  const unasked = Object.assign(new Error('the registry wants a login'), { code: 'not-allowed' })
  const login = { identity: { cloud: 'aws', called: "the node's IAM role", managed: true }, because: 'it logs in' }
  const onEks = { ...facts, node: eks, 'node-login': login, manifest: unasked }

  test('no login in a pull secret is no cause', async () => {
    const message = said('auth-required', 'credentials-missing', 'anonymous')
    const verdict = await judgeByFacts(credentialsMissing, { ...onEks, message })
    expect(verdict).toMatchObject({ status: 'undetermined' })
    expect('finding' in verdict && verdict.finding).toBeFalsy()
  })

  test('no login was sent: the credential provider gave none', async () => {
    const message = said('auth-required', 'credentials-missing', 'anonymous')
    const verdict = await judgeByFacts(credentialProviderSilent, { ...onEks, message })
    expect(verdict).toMatchObject({ status: 'confirmed', finding: { confidence: 'likely' } })
    expect(JSON.stringify(verdict)).toContain('AmazonEC2ContainerRegistryPullOnly')
    expect(JSON.stringify(verdict)).not.toContain('docker-registry')
  })

  test("a pull secret of the pod's own that was used is another matter", async () => {
    const message = said('auth-required', 'credentials-missing', 'anonymous')
    const credentials = { matching: [{ source: 'secret shop/ecr' }] }
    const verdict = await judgeByFacts(credentialProviderSilent, { ...onEks, message, credentials })
    expect(verdict.status).toBe('ruled-out')
  })

  test('a tag that the node did not find stays likely', async () => {
    const message = said('image-not-found', 'tag-missing')
    const verdict = await judgeByFacts(tagMissing, { ...onEks, message })
    expect(verdict).toMatchObject({ status: 'undetermined', finding: { confidence: 'likely' } })
  })
})
