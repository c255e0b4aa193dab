import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imagepull, startCluster, whyNoCluster } from './cluster.ts'

const missing = whyNoCluster()
if (missing && process.env.REQUIRE_ALL) throw new Error(missing)
if (missing) console.log(`skipped: ${missing}`)

const pulling = /ErrImagePull|ImagePullBackOff/
const build = readFileSync(new URL('../fixtures/e2e/moe-router.yaml', import.meta.url), 'utf8')

describe.skipIf(missing)("the playbook's causes, proved from cluster and registry", () => {
  let cluster: Awaited<ReturnType<typeof startCluster>>

  beforeAll(async () => {
    cluster = await startCluster()
    await cluster.kubectl('create', 'namespace', 'playbook').catch(() => undefined)
  })
  afterAll(async () => {
    await cluster?.kubectl('delete', 'namespace', 'playbook', '--wait=false')
    await cluster?.kubectl(
      '-n',
      'cortex-chat',
      'delete',
      'job',
      'moe-router-build-first',
      'moe-router-build-second',
      '--ignore-not-found',
    )
    await cluster?.kubectl('-n', 'cortex-chat', 'delete', 'configmap', 'moe-router-context', '--ignore-not-found')
  })

  const diagnose = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await imagepull(cluster.kubeconfig, 'diagnose', ...args, '-o', 'json')
    expect(code, stderr + stdout).toBe(0)
    return JSON.parse(stdout)
  }

  test('example 2: Docker Hub and the node cannot agree on TLS', async () => {
    await cluster.scenario('dockerhub-tls-handshake')
    const answer = await diagnose(await cluster.podOf('dockerhub-tls-handshake', /handshake failure/))
    expect(answer.verdict).toMatchObject({ cause: 'tls-handshake-failed', confidence: 'proven' })
    // Both names mean the same to containerd, so that one is no remedy for the other.
    expect(JSON.stringify(answer.verdict.remedies)).not.toContain('docker.io/library')
    expect(answer.verdict.prevent.join(' ')).toContain('mirror')
    await cluster.scenario('undo', 'dockerhub-tls-handshake')
  })

  test('example 3: a build pushed once, and then timed out', async () => {
    const wait = (state: string, run: string) =>
      cluster.kubectl(
        '-n',
        'cortex-chat',
        'wait',
        `--for=condition=${state}`,
        `job/moe-router-build-${run}`,
        '--timeout=150s',
      )
    await cluster.apply(build.replace('RUN', 'first'))
    await wait('complete', 'first')
    await cluster.scenario('registry-endpoint-dead')
    await cluster.apply(build.replace('RUN', 'second'))
    await wait('failed', 'second').finally(() => cluster.scenario('undo', 'registry-endpoint-dead'))
    const answer = await diagnose('-n', 'cortex-chat', 'job/moe-router-build-second')
    expect(answer.verdict).toMatchObject({ cause: 'build-failed', confidence: 'proven' })
    expect(answer.route).toMatchObject({ playbook: 'kaniko-build-timeouts' })
    expect(answer.verdict.summary).toContain('An earlier 10.96.170.72:5000/moe-router:latest is in the registry')
    expect(answer.verdict.because.map((it: { says: string }) => it.says).join('\n')).toContain('i/o timeout')
    expect((await diagnose('-n', 'cortex-chat', 'job/moe-router-build-first')).verdict).toBeNull()
  }, 400_000)

  test('the image before is found, and going back is the first remedy', async () => {
    await cluster.kubectl('-n', 'playbook', 'create', 'deployment', 'web', '--image=registry.test:5500/team/web:1.0')
    await cluster.kubectl('-n', 'playbook', 'rollout', 'status', 'deployment/web', '--timeout=60s')
    await cluster.kubectl('-n', 'playbook', 'set', 'image', 'deployment/web', 'web=registry.test:5500/team/web:1.1')
    await cluster.podOfOwner('playbook', 'app=web', pulling)
    const answer = await diagnose('-n', 'playbook', 'deployment/web')
    expect(answer.verdict).toMatchObject({ cause: 'tag-missing', confidence: 'proven' })
    expect(answer.change).toMatchObject({
      imageBefore: 'registry.test:5500/team/web:1.0',
      imageNow: 'registry.test:5500/team/web:1.1',
      by: 'kubectl-set',
      stillPulls: true,
    })
    expect(answer.verdict.remedies[0].title).toMatch(/^In Git, roll back to the previous image/)
    expect(answer.impact).toMatchObject({ state: 'serving', ready: 1, desired: 1 })
  })

  describe('three ways to a registry in the cluster', () => {
    beforeAll(() => cluster.scenario('image-never-built'))
    afterAll(() => cluster.scenario('undo', 'image-never-built'))

    test.each([
      ['direct', 'GET http://10.96.170.72:5000/v2/_catalog'],
      ['proxy', 'GET /api/v1/namespaces/cortex-chat/services/docker-registry:5000/proxy/v2/_catalog'],
      ['exec', 'the registry about itself'],
    ])('%s', async (way, source) => {
      const answer = await diagnose(await cluster.podOf('image-never-built', pulling), '--registry-access', way)
      expect(answer.verdict).toMatchObject({ cause: 'image-never-built', confidence: 'proven' })
      expect(answer.verdict.because.map((it: { source: string }) => it.source).join('\n')).toContain(source)
    })

    test('with fewer rights the answer names what is missing', async () => {
      const account = ['--as=system:serviceaccount:playbook:reader']
      await cluster.kubectl('apply', '-f', 'deploy/rbac-readonly.yaml')
      await cluster.kubectl('-n', 'playbook', 'create', 'serviceaccount', 'reader')
      const binding = ['create', 'clusterrolebinding', 'playbook-reader', '--clusterrole=imagepull-readonly']
      await cluster.kubectl(...binding, '--serviceaccount=playbook:reader').catch(() => undefined)
      expect(await cluster.kubectl('auth', 'can-i', 'get', 'secrets', ...account).catch(() => 'no')).toContain('no')
      const token = (await cluster.kubectl('-n', 'playbook', 'create', 'token', 'reader')).trim()
      const kubeconfig = await cluster.kubeconfigOf(token)
      await cluster.scenario('auth-secret-other-host')
      const pod = await cluster.podOf('auth-secret-other-host', pulling)
      const { code, stdout } = await imagepull(kubeconfig, 'diagnose', pod, '-o', 'json')
      const answer = JSON.parse(stdout)
      expect(code).toBe(0)
      expect(answer.verdict.confidence).not.toBe('proven')
      expect(JSON.stringify(answer.undetermined)).toContain('secrets')
      const built = await imagepull(
        kubeconfig,
        'diagnose',
        await cluster.podOf('image-never-built', pulling),
        '-o',
        'json',
      )
      expect(JSON.parse(built.stdout).verdict).toMatchObject({ cause: 'image-never-built', confidence: 'proven' })
      await cluster.scenario('undo', 'auth-secret-other-host')
      await cluster.kubectl('delete', 'clusterrolebinding', 'playbook-reader')
    })
  })

  test('a way that is repaired is told from one that is not', async () => {
    await cluster.scenario('registry-scaled-to-zero')
    const pod = await cluster.podOf('registry-scaled-to-zero', /connection refused/)
    expect((await diagnose(pod)).verdict.cause).toBe('registry-down')
    await cluster.kubectl('-n', 'cortex-chat', 'scale', 'deployment/docker-registry', '--replicas=1')
    await cluster.kubectl('-n', 'cortex-chat', 'rollout', 'status', 'deployment/docker-registry', '--timeout=60s')
    const { verdict, healthy } = await diagnose(pod)
    // Its images are gone with its pod; the kubelet may have tried again meanwhile.
    expect(healthy || ['stale-backoff', 'registry-storage-lost', 'repository-missing'].includes(verdict.cause)).toBe(
      true,
    )
    await cluster.scenario('undo', 'registry-scaled-to-zero')
  })
})
