import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { restartsMark } from '../../src/remediation/steps/rollout.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { until } from '../support/running-app.ts'
import { type ActingBot, actingBot } from './acting.ts'
import { startCluster, whyNoCluster } from './cluster.ts'
import { pushOwnImage } from './own-image.ts'
import { copyImage } from './registry-copy.ts'

const missing = whyNoCluster()
if (missing && process.env.REQUIRE_ALL) throw new Error(missing)
if (missing) console.log(`skipped: ${missing}`)

const { maya, oncall } = actionWorkspace
const registry = '10.96.170.72:5000'
const outside = '127.0.0.1:5500'
const cronJob = { apiVersion: 'batch/v1', kind: 'CronJob' }
const builds = readFileSync(new URL('../fixtures/e2e/actions.yaml', import.meta.url), 'utf8')
/** Milliseconds. What is Ready for five seconds is taken for well: a minute would be spent for each test. */
const timing = { reconcile: 1_500, stable: 5_000, poll: 700, batch: 1_000, recover: 60_000, patience: 120_000 }
/** Where the bot, as its own ServiceAccount, may do what. */
const roles = [
  ['cortex-chat', 'imagepull-delete-pods'],
  ['cortex-chat', 'imagepull-run-builds'],
  ['cortex-chat', 'imagepull-restart-registry'],
  ['actions', 'imagepull-delete-pods'],
  ['actions', 'imagepull-roll-back'],
  ['imagepull-probe', 'imagepull-test-from-node'],
] as const

function deployment(namespace: string, name: string, image: string, pod: object = {}, replicas = 1): string {
  const containers = [{ name: 'main', image, imagePullPolicy: 'Always' }]
  const labels = { app: name, scenario: name }
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name, labels: { actions: 'e2e' } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, ...pod, containers } },
    },
  })
}

function pullSecret(name: string, host: string): string {
  const auth = Buffer.from('puller:puller-password').toString('base64')
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'actions', name },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [host]: { auth } } }) },
  })
}

describe.skipIf(missing)('every button, on a real cluster, with no more rights than the documented ones', () => {
  let cluster: Awaited<ReturnType<typeof startCluster>>
  let talk: ActingBot
  const checkout = mkdtempSync(join(tmpdir(), 'imagepull-git-'))
  const storage = mkdtempSync(join(tmpdir(), 'imagepull-registry-'))

  beforeAll(async () => {
    cluster = await startCluster()
    const { kubectl } = cluster
    await removeLeftovers()
    await kubectl('create', 'namespace', 'actions')
    for (const file of ['rbac-readonly', 'rbac-actions', 'probe-namespace'])
      await kubectl('apply', '-f', `deploy/${file}.yaml`)
    await kubectl('-n', 'actions', 'create', 'serviceaccount', 'bot').catch(() => undefined)
    const account = '--serviceaccount=actions:bot'
    for (const role of ['imagepull-readonly', 'imagepull-pull-secrets'])
      await kubectl('create', 'clusterrolebinding', `actions-${role}`, `--clusterrole=${role}`, account).catch(
        () => undefined,
      )
    for (const [namespace, role] of roles)
      await kubectl('-n', namespace, 'create', 'rolebinding', role, `--clusterrole=${role}`, account).catch(
        () => undefined,
      )
    const kubeconfig = await cluster.kubeconfigOf((await kubectl('-n', 'actions', 'create', 'token', 'bot')).trim())
    const digest = await pushOwnImage(outside, 'imagepull')
    const testFromNode = {
      enabled: true,
      image: `registry.test:5500/imagepull@${digest}`,
      namespace: 'imagepull-probe',
    }
    const configuration = { actions: { testFromNode }, gitops: { directory: checkout, builds: ['*-build*.yaml'] } }
    talk = await actingBot(kubeconfig, { timing, configuration })
  })
  afterAll(async () => {
    await talk?.[Symbol.asyncDispose]()
    if (!cluster) return
    await keepImagesIn({ emptyDir: {}, hostPath: null }) // before all else: a pod ends only when its pull does
    await removeLeftovers()
    await cluster.scenario('undo', 'registry-scaled-to-zero')
    for (const folder of [checkout, storage]) rmSync(folder, { recursive: true, force: true })
  })

  /** Of this run, and of one that was interrupted. */
  async function removeLeftovers(): Promise<void> {
    const { kubectl } = cluster
    await kubectl('delete', 'namespace', 'actions', 'imagepull-probe', '--ignore-not-found')
    for (const kind of ['deployments', 'cronjobs', 'jobs', 'configmaps'])
      await kubectl('-n', 'cortex-chat', 'delete', kind, '-l', 'actions=e2e', '--cascade=foreground')
    for (const role of ['imagepull-readonly', 'imagepull-pull-secrets'])
      await kubectl('delete', 'clusterrolebinding', `actions-${role}`, '--ignore-not-found')
    for (const [namespace, role] of roles)
      await kubectl('-n', namespace, 'delete', 'rolebinding', role, '--ignore-not-found')
    for (const kind of ['validatingadmissionpolicybinding', 'validatingadmissionpolicy'])
      await kubectl('delete', kind, 'imagepull-probe', '--ignore-not-found')
  }

  /** Where the registry in the cluster has its images. */
  async function keepImagesIn(volume: object): Promise<void> {
    const volumes = [{ name: 'storage', ...volume }]
    const patch = JSON.stringify({ spec: { template: { spec: { volumes } } } })
    await cluster.kubectl('-n', 'cortex-chat', 'patch', 'deployment', 'docker-registry', '-p', patch)
    await cluster.kubectl('-n', 'cortex-chat', 'rollout', 'status', 'deployment/docker-registry', '--timeout=90s')
    // The new pod is ready before it listens, and the pod before it answers until it is gone.
    const pods = ['get', 'pods', '-l', 'app=docker-registry', '-o', 'name']
    const one = async () => expect((await cluster.kubectl('-n', 'cortex-chat', ...pods)).trim()).not.toContain('\n')
    await vi.waitFor(one, { timeout: 60_000, interval: 500 })
    const answers = () => fetch(`http://${registry}/v2/`, { signal: AbortSignal.timeout(2_000) })
    await vi.waitFor(async () => expect((await answers()).ok).toBe(true), { timeout: 30_000, interval: 500 })
  }

  async function offered(target: string, form: RegExp): Promise<void> {
    await talk.ask(target)
    await talk.hears(form, 40)
  }

  async function said(form: RegExp): Promise<string> {
    return talk.slack.plainText(await talk.hears(form))
  }

  test('Rerun build: Kaniko could not push while the registry was away, and one click ends in a Ready pod', async () => {
    await cluster.scenario('registry-scaled-to-zero')
    await cluster.apply(builds.replaceAll('NAME', 'cortex-chat-orders'))
    const failed = ['--for=condition=failed', 'job/cortex-chat-orders-build', '--timeout=120s']
    await cluster.kubectl('-n', 'cortex-chat', 'wait', ...failed)
    await cluster.scenario('undo', 'registry-scaled-to-zero')
    await cluster.apply(deployment('cortex-chat', 'cortex-chat-orders', `${registry}/cortex-chat-orders:latest`))
    await cluster.podOf('cortex-chat-orders', /not found/)
    await offered('cortex-chat/cortex-chat-orders', /Build failed[\s\S]*\[Rerun build\]/)
    await talk.press('rerun-build')
    await talk.hears(/✅ FIXED · cortex-chat-orders/, 120)
    const done = await said(/✅ Rerun build/)
    expect(done).toMatch(/✓ Job: cortex-chat-orders-build-r[0-9a-f]{8} created\n✓ Building: it succeeded/)
    expect(done).toMatch(/✓ Image in the registry: sha256:[0-9a-f]{64}\n✓ Deleting the stuck pod: 1 pod deleted/)
    const jobs = JSON.parse(
      await cluster.kubectl('-n', 'cortex-chat', 'get', 'jobs', '-l', 'actions=e2e', '-o', 'json'),
    )
    expect(jobs.items).toHaveLength(2)
    expect(jobs.items[1].metadata.annotations).toMatchObject({ 'imagepull.dev/requested-by': maya })
  }, 240_000)

  test('Create build: what Git has, and the cluster has not', async () => {
    const [context = '', job = ''] = builds.replaceAll('NAME', 'cortex-chat-notes').split('\n---\n')
    await cluster.apply(context)
    writeFileSync(join(checkout, 'cortex-chat-notes-build.yaml'), job)
    await cluster.apply(deployment('cortex-chat', 'cortex-chat-notes', `${registry}/cortex-chat-notes:latest`))
    await cluster.podOf('cortex-chat-notes', /not found/)
    await offered('cortex-chat/cortex-chat-notes', /Image never built[\s\S]*\[Create build\]/)
    await talk.press('create-build')
    await talk.hears(/✅ FIXED · cortex-chat-notes/, 120)
    expect(await said(/✅ Create build/)).toContain('✓ Job: cortex-chat-notes-build created')
  }, 240_000)

  test('Rerun build: a CronJob that is suspended, and has never run', async () => {
    const [context = '', job = ''] = builds.replaceAll('NAME', 'cortex-chat-digest').split('\n---\n')
    const { metadata, spec } = parse(job)
    const schedule = { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec } }
    await cluster.apply(`${context}\n---\n${JSON.stringify({ ...cronJob, metadata, spec: schedule })}`)
    await cluster.apply(deployment('cortex-chat', 'cortex-chat-digest', `${registry}/cortex-chat-digest:latest`))
    await cluster.podOf('cortex-chat-digest', /not found/)
    await offered('cortex-chat/cortex-chat-digest', /Image not built yet[\s\S]*\[Rerun build\]/)
    await talk.press('rerun-build')
    await talk.hears(/✅ FIXED · cortex-chat-digest/, 120)
    await talk.hears(/✅ Rerun build[\s\S]*✓ Job: cortex-chat-digest-build-r[0-9a-f]{8} created/)
  }, 240_000)

  test('Propose build Job, Escalate, Mute', async () => {
    await cluster.apply(deployment('cortex-chat', 'cortex-chat-wiki', `${registry}/cortex-chat-wiki:latest`))
    await cluster.podOf('cortex-chat-wiki', /not found/)
    await offered('cortex-chat/cortex-chat-wiki', /Image never built[\s\S]*\[Propose build Job\]/)
    await talk.press('propose-build')
    const proposed = await said(/✅ Propose build Job/)
    const manifest = [...proposed.matchAll(/^\+(?!\+\+)(.*)$/gm)].map(([, line = '']) => line).join('\n')
    await cluster.tryApply(manifest)
    const findings = await talk.hears(/cortex-chat-wiki:latest is not in the registry/)
    for (const [what, form, values] of [
      ['escalate', /✅ Escalate/, {}],
      ['mute', /⚪ MUTED · cortex-chat-wiki/, { minutes: '60', of: 'incident' }],
    ] as const) {
      const value = new RegExp(`"value":"(${what} [^"]+)"`).exec(JSON.stringify(findings.blocks))?.[1] ?? ''
      await talk.slack.press({ user: maya, message: findings, actionId: 'imagepull:more', value })
      const view = await until('a window', () => talk.slack.views(maya).at(-1))
      await talk.slack.submitView({ user: maya, view, values })
      await talk.hears(form)
    }
    expect((await talk.hears(/✅ Escalate/)).mentions.map(({ id }) => id)).toContain(oncall)
  })

  test('a wrong pull secret, corrected: only then one pod, or three of them, may be deleted', async () => {
    for (const [name, replicas] of [
      ['one', 1],
      ['three', 3],
    ] as const) {
      await cluster.apply(pullSecret(`regcred-${name}`, 'auth.registry.test'))
      const pod = { imagePullSecrets: [{ name: `regcred-${name}` }] }
      await cluster.apply(deployment('actions', name, 'auth.registry.test:5501/private/app:1.0', pod, replicas))
      await cluster.podOf(name, /no basic auth credentials/)
      await offered(`actions/${name}`, new RegExp(`Secret regcred-${name}|regcred-${name}`))
      expect(
        await said(
          new RegExp(`regcred-${name} has[\\s\\S]*\\[Check again\\]|regcred-${name}[\\s\\S]*\\[Check again\\]`),
        ),
      ).not.toMatch(/\[Delete/)
      await cluster.apply(pullSecret(`regcred-${name}`, 'auth.registry.test:5501'))
      await talk.press('check-again')
      const [label, action] =
        replicas === 1 ? [/\[Delete stuck pod\]/, 'delete-stuck-pod'] : [/\[Delete 3 stuck pods\]/, 'delete-stuck-pods']
      await talk.hears(label, 40)
      await talk.press(action)
      await talk.hears(new RegExp(`✅ FIXED · ${name}`), 60)
    }
  }, 240_000)

  test('Roll back: the image before, which the registry still has', async () => {
    await cluster.apply(deployment('actions', 'web', 'registry.test:5500/team/web:1.0'))
    await cluster.kubectl('-n', 'actions', 'rollout', 'status', 'deployment/web', '--timeout=60s')
    await cluster.apply(deployment('actions', 'web', 'registry.test:5500/team/web:1.1'))
    await cluster.podOf('web', /ErrImagePull|ImagePullBackOff/)
    await offered('actions/web', /Tag missing[\s\S]*\[Roll back\]/)
    await talk.press('roll-back')
    await talk.hears(/✅ Roll back/, 90)
    await cluster.kubectl('-n', 'actions', 'rollout', 'status', 'deployment/web', '--timeout=60s')
    const image = await cluster.kubectl('-n', 'actions', 'get', 'deployment', 'web', '-o', 'jsonpath={..image}')
    expect(image).toBe('registry.test:5500/team/web:1.0')
  })

  test('Test from node: the pod that the policy takes finds out what the node meets, and is gone', async () => {
    await cluster.apply(deployment('actions', 'closed', 'closed.registry.test:5506/team/app:1.0'))
    await cluster.podOf('closed', /connection refused/)
    await offered('actions/closed', /\[Test from node\]/)
    await talk.press('test-from-node')
    expect(await said(/✅ Test from node/)).toMatch(/DNS works: 127\.0\.0\.1[\s\S]*TCP fails: .*ECONNREFUSED/)
    expect(await cluster.kubectl('-n', 'imagepull-probe', 'get', 'pods', '-o', 'name')).toBe('')
  }, 120_000)

  test('Restart registry: it hangs, and its images last', async () => {
    await keepImagesIn({ hostPath: { path: storage, type: 'Directory' }, emptyDir: null })
    await copyImage(outside, registry, 'team/app', '1.0')
    await cluster.kubectl('-n', 'cortex-chat', 'annotate', 'deployment', 'docker-registry', `${restartsMark}-`)
    await hangRegistry()
    await cluster.apply(deployment('actions', 'api', `${registry}/team/app:1.0`))
    await noLongerReady() // the pull is in the middle of it: it hangs
    await sleep(6_000) // as a person would, who first looks whether it is only slow
    await offered('actions/api', /Registry down[\s\S]*\[Restart registry \(1 of 3\)\]/)
    await sleep(5_000) // in which the cluster is looked at: no status tells that a pull hangs, and still it does
    expect(await said(/· api: registry down/)).toMatch(/DOWN · api/)
    await talk.press('restart-registry')
    await talk.hears(/✅ FIXED · api/, 150)
    expect(await said(/✅ Restart registry/)).toMatch(
      /✓ Restart: asked for\n✓ Its pods replaced: 1 of 1 new and ready\n✓ The registry answers/,
    )
  }, 300_000)

  async function noLongerReady(): Promise<void> {
    const slices = ['-l', 'kubernetes.io/service-name=docker-registry', '-o', 'jsonpath={..conditions.ready}']
    const ready = () => cluster.kubectl('-n', 'cortex-chat', 'get', 'endpointslices', ...slices)
    await vi.waitFor(async () => expect(await ready()).not.toContain('true'), { timeout: 60_000, interval: 500 })
  }

  /** Its processes stand still: it neither answers nor ends. */
  async function hangRegistry(): Promise<void> {
    const where = ['-n', 'cortex-chat', '-l', 'app=docker-registry', '--field-selector=status.phase=Running']
    const { items } = JSON.parse(await cluster.kubectl('get', 'pods', ...where, '-o', 'json'))
    const uid = items.find((it: { metadata: { deletionTimestamp?: string } }) => !it.metadata.deletionTimestamp)
      .metadata.uid
    const mark = new RegExp(`${uid}|${uid.replaceAll('-', '_')}`)
    const own = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && mark.test(read(`/proc/${pid}/cgroup`)))
    for (const pid of own) execFileSync('kill', ['-STOP', pid])
    expect(own.length).toBeGreaterThan(0)
  }
})

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // it has ended
  }
}
