import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imagepull, startCluster, whyNoCluster } from './cluster.ts'

const missing = whyNoCluster()
if (missing && process.env.REQUIRE_ALL) throw new Error(missing)
if (missing) console.log(`skipped: ${missing}`)

const pulling = /ErrImagePull|ImagePullBackOff/
/** Scenario, what its pod shows when it is ready to be diagnosed, and the cause with its confidence. */
const table = [
  ['image-never-built', pulling, 'image-never-built', 'proven'],
  ['build-failed', pulling, 'build-failed', 'proven'],
  ['missing-tag', pulling, 'tag-missing', 'proven'],
  ['missing-repository', pulling, 'repository-missing', 'proven'],
  ['digest-not-found', pulling, 'digest-missing', 'proven'],
  ['default-tag-missing', pulling, 'default-tag-missing', 'proven'],
  ['init-container-missing-tag', pulling, 'tag-missing', 'proven'],
  ['invalid-uppercase', /InvalidImageName/, 'invalid-image-name', 'proven'],
  ['dockerhub-tls-handshake', /handshake failure/, 'tls-handshake-failed', 'proven'],
  ['connection-refused', pulling, 'registry-refused', 'proven'],
  ['dns-nxdomain', pulling, 'registry-host-unknown', 'proven'],
] as const
const names = table.map(([name]) => name)

describe.skipIf(missing)('diagnose, on a real cluster', () => {
  let cluster: Awaited<ReturnType<typeof startCluster>>

  beforeAll(async () => {
    cluster = await startCluster()
    await cluster.scenario(...names, 'success', 'not-pull-crash-loop')
    // Its build only fails, but the Job needs a moment to say so.
    await cluster.kubectl(
      '-n',
      'cortex-chat',
      'wait',
      '--for=condition=failed',
      'job/cortex-chat-backend-build',
      '--timeout=60s',
    )
  })
  afterAll(async () => {
    await cluster?.scenario('undo', ...names, 'success', 'not-pull-crash-loop')
  })

  const diagnose = async (target: string) => {
    const { code, stdout, stderr } = await imagepull(cluster.kubeconfig, 'diagnose', target, '-o', 'json')
    expect(code, stderr).toBe(0)
    return JSON.parse(stdout)
  }

  test.each(table)('%s', async (name, shows, cause, confidence) => {
    const answer = await diagnose(await cluster.podOf(name, shows))
    expect(answer.verdict, JSON.stringify(answer.undetermined)).toMatchObject({ cause, confidence })
    expect(answer.verdict.because.length).toBeGreaterThan(0)
  })

  test('a healthy pod is not called sick', async () => {
    const answer = await diagnose(await cluster.podOf('success', /"phase":"Running"/))
    expect(answer).toMatchObject({ healthy: true, verdict: null, route: null })
  })

  test('a crash loop is another playbook', async () => {
    const answer = await diagnose(await cluster.podOf('not-pull-crash-loop', /"restartCount":[1-9]/))
    expect(answer).toMatchObject({ healthy: false, verdict: null, route: { playbook: 'crashloop-backoff' } })
  })

  test("the playbook's example 1, by its Deployment, as text", async () => {
    await cluster.podOf('image-never-built', pulling)
    const { code, stdout } = await imagepull(
      cluster.kubeconfig,
      'diagnose',
      '-n',
      'cortex-chat',
      'deployment/cortex-chat-backend-simple',
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(/never built \(proven, image-never-built\)/i)
    expect(stdout).toContain('10.96.170.72:5000/cortex-chat-backend-simple:latest')
    expect(stdout).toMatch(/DOWN, 0 of 1 ready/)
  })

  test('an unknown pod: near names, and exit 3', async () => {
    const { code, stdout } = await imagepull(
      cluster.kubeconfig,
      'diagnose',
      '-n',
      'cortex-chat',
      'cortex-chat-backend-simpel',
      '-o',
      'json',
    )
    expect(code).toBe(3)
    expect(JSON.parse(stdout).error.candidates.join(' ')).toContain('cortex-chat-backend-simple')
  })
})
