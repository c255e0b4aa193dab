import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { deployment, newImage } from '../../src/demo/sample/manifests.ts'
import { validateHouseRules } from '../../src/simulator/slack/validation/validate.ts'
import { type Acting, acting } from '../support/acting.ts'
import { buildManifest, registryHost } from '../support/acting-cluster.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { until } from '../support/running-app.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { written } from '../support/written.ts'

const { maya, oncall } = actionWorkspace

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const image = (name: string): string => `${registryHost}/${name}`

async function fixed(talk: Acting): Promise<void> {
  await talk.hears(/✅ FIXED/)
  for (const { text } of talk.own()) expect(validateHouseRules({ text })).toEqual([])
}

describe.skipIf(whyNoRedis).concurrent('an action, to its end', () => {
  test('Rerun build: log, trial, Job, image, pod, Ready, FIXED', async () => {
    await using talk = await acting({ redis: true })
    const { cluster } = talk
    await cluster.failedBuild()
    await talk.ask('shop/cart')
    await talk.hears(/\[Rerun build\] \[Check again\]/)
    await talk.press('rerun-build')
    await fixed(talk)
    const said = await talk.hears(/✅ Rerun build/)
    expect(talk.slack.plainText(said)).toMatch(
      /✓ Old log: 4 lines kept\n✓ Dry run: accepted\n✓ Job: cart-build-r[0-9a-f]{8} created\n✓ Building: it succeeded, in \d+ s\n✓ Image in the registry: sha256:[0-9a-f]{64}\n✓ Deleting the stuck pod: 1 pod deleted\n✓ Ready for a minute: 1 of 1 ready/,
    )
    expect(talk.says()).toMatch(/lasted 1 min.* · rerun build by @maya/)
    expect(written(talk)).toEqual(['POST jobs', expect.stringMatching(/^DELETE pods\/cart-/)])
    const job = cluster.list('jobs').find(({ metadata }) => metadata.name.startsWith('cart-build-r'))
    expect(job?.metadata.annotations).toMatchObject({ 'imagepull.dev/requested-by': maya })
    expect(job?.metadata.labels).toMatchObject({ 'imagepull.dev/rerun-of': 'cart-build', app: 'cart-build' })
    expect(cluster.list('jobs').map(({ metadata }) => metadata.name)).toContain('cart-build')
  })

  test('Rerun build of a source that is bad: not the first thing to do, says so, and fails in the same way', async () => {
    await using talk = await acting({ redis: true })
    await talk.cluster.failedBuild('bad')
    await talk.ask('shop/cart')
    const findings = await talk.hears(/\[Rerun build\]/)
    expect(JSON.stringify(findings.blocks)).toContain('With the same source, the same error is likely.')
    expect(JSON.stringify(findings.blocks)).toContain('"style":"primary"')
    expect(JSON.stringify(findings.blocks)).not.toMatch(/"Rerun build"[^{]*"value":"[^"]*","style":"primary"/)
    await talk.press('rerun-build')
    const failed = await talk.hears(/🔴 Rerun build/)
    expect(talk.slack.plainText(failed)).toContain('The build failed again, in the same way')
    expect(talk.slack.plainText(failed)).toContain('no-such-file.txt')
    expect(written(talk)).toEqual(['POST jobs'])
    await until('it is offered anew', () => /\[Rerun build\]/.test(talk.says()))
  })

  test('Create build: the manifest that Git has, and nothing else of its file', async () => {
    using folder = temporaryFolder()
    const other = '\n---\n{ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "not-this" } }\n'
    writeFileSync(join(folder.path, 'api-build.yaml'), buildManifest('api', 'good') + other)
    const gitops = { directory: folder.path, builds: ['*-build*.yaml'] }
    await using talk = await acting({ redis: true, configuration: { gitops } })
    const { cluster } = talk
    cluster.push('other', '1')
    await cluster.apply(deployment({ namespace: 'shop', name: 'api', image: image('api:latest') }))
    await cluster.untilMissing('api')
    await talk.ask('shop/api')
    await talk.hears(/Image never built[\s\S]*\[Create build\]/)
    await talk.press('create-build')
    await fixed(talk)
    expect(written(talk)).toEqual(['POST jobs', expect.stringMatching(/^DELETE pods\/api-/)])
  })

  test('Propose build Job: something to commit, and nothing is changed', async () => {
    await using talk = await acting({ redis: true })
    const { cluster } = talk
    cluster.push('other', '1')
    await cluster.apply(deployment({ namespace: 'shop', name: 'api', image: image('api:latest') }))
    await cluster.untilMissing('api')
    await talk.ask('shop/api')
    await talk.hears(/\[Propose build Job\]/)
    await talk.press('propose-build', actionWorkspace.ben)
    const said = talk.slack.plainText(await talk.hears(/✅ Propose build Job/))
    expect(said).toContain('+++ b/apps/shop/api-build.yaml')
    expect(said).toContain(`+            - --destination=${image('api:latest')}`)
    expect(written(talk)).toEqual([])
  })

  test('Restart registry: counted, replaced, answers, pods recover by themselves', async () => {
    await using talk = await acting({ redis: true, imageBackoff: 5_000 })
    const { cluster } = talk
    cluster.push('web', '1')
    const [pod] = cluster.list('pods').filter(({ metadata }) => metadata.labels.app === 'registry')
    cluster.network.detach(pod?.status.podIP ?? '', 5_000)
    await cluster.apply(deployment({ namespace: 'shop', name: 'web', image: image('web:1') }))
    await cluster.until('the pod is refused', () => /connection refused/.test(JSON.stringify(cluster.list('pods'))))
    await talk.ask('shop/web')
    await talk.hears(/\[Restart registry \(1 of 3\)\]/)
    await talk.press('restart-registry')
    await fixed(talk)
    const said = talk.slack.plainText(await talk.hears(/✅ Restart registry/))
    expect(said).toMatch(/✓ Restart: asked for\n✓ Its pods replaced: 1 of 1 new and ready\n✓ The registry answers/)
    expect(written(talk)).toEqual(['PATCH deployments/registry'])
    const [registry] = cluster.list('deployments').filter(({ metadata }) => metadata.name === 'registry')
    expect(registry?.metadata.annotations['imagepull.dev/restarts']).toMatch(/^\d{4}-.*Z\/[\w-]{22}$/)
  })

  test('Roll back: the image before, which still pulls', async () => {
    await using talk = await acting({ redis: true })
    const { cluster } = talk
    cluster.push('web', '1')
    await cluster.apply(deployment({ namespace: 'shop', name: 'web', image: image('web:1') }))
    const ready = () =>
      cluster.list('deployments').some(({ metadata, status }) => metadata.name === 'web' && status.readyReplicas === 1)
    await cluster.until('it runs', ready)
    await cluster.apply(newImage('shop', 'web', image('web:2')))
    await cluster.untilMissing('web')
    await talk.ask('shop/web')
    await talk.hears(/Tag missing[\s\S]*\[Roll back\]/)
    await talk.press('roll-back')
    await talk.hears(/✅ FIXED|No pod is left to pull the image/)
    expect(written(talk)).toEqual(['PATCH deployments/web'])
    const [web] = cluster.list('deployments').filter(({ metadata }) => metadata.name === 'web')
    expect(web?.spec.template?.spec.containers[0]?.image).toBe(image('web:1'))
  })

  test.each([
    [1, 'delete-stuck-pod', /\[Delete stuck pod\]/],
    [3, 'delete-stuck-pods', /\[Delete 3 stuck pods\]/],
  ])('%i stuck: %s, once the cause is mended', async (replicas, action, button) => {
    await using talk = await acting({ redis: true })
    const { cluster } = talk
    await cluster.apply(deployment({ namespace: 'shop', name: 'web', image: image('web:1'), replicas }))
    await cluster.untilMissing('web')
    await talk.ask('shop/web')
    await talk.hears(/\[Check again\]/)
    expect(talk.says()).not.toMatch(button)
    cluster.push('web', '1')
    await talk.press('check-again')
    await talk.hears(button)
    await talk.press(action)
    await fixed(talk)
    const deleted = written(talk).filter((it) => it.startsWith('DELETE pods/web-'))
    expect(new Set(deleted).size).toBe(deleted.length)
    // As soon as one of them has pulled, the node has the image: another may start before it is its turn.
    const recovered = Number(/(\d+) pods? recovered meanwhile, not touched/.exec(talk.says())?.[1] ?? 0)
    expect(deleted.length + recovered).toBe(replicas)
    expect(deleted.length).toBeGreaterThan(0)
  })

  test('Escalate: calls the group by name, once', async () => {
    await using talk = await acting({ redis: true })
    await talk.cluster.failedBuild()
    await talk.ask('shop/cart')
    const findings = await talk.hears(/\[Rerun build\]/)
    const value = /"value":"(escalate [^"]+)"/.exec(JSON.stringify(findings.blocks))?.[1] ?? ''
    await talk.press('more', maya, { value })
    const view = await until('a window asks first', () => talk.slack.views(maya).at(-1))
    await talk.slack.submitView({ user: maya, view, values: {} })
    const said = await talk.hears(/✅ Escalate/)
    expect(said.mentions.map(({ id }) => id)).toContain(oncall)
    expect(talk.slack.plainText(said)).toContain('DOWN: cart')
    await until('it is not offered again', () => !JSON.stringify(talk.own()).includes('"value":"escalate '))
  })

  test('Mute: the root says until when', async () => {
    await using talk = await acting({ redis: true })
    await talk.cluster.failedBuild()
    await talk.ask('shop/cart')
    const findings = await talk.hears(/\[Rerun build\]/)
    const value = /"value":"(mute [^"]+)"/.exec(JSON.stringify(findings.blocks))?.[1] ?? ''
    await talk.press('more', maya, { value })
    const view = await until('a window asks first', () => talk.slack.views(maya).at(-1))
    await talk.slack.submitView({ user: maya, view, values: { minutes: '240', of: 'workload' } })
    await talk.hears(/⚪ MUTED · cart/)
    await talk.hears(/✅ Mute/)
  })
})
