import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { deployment } from '../../src/demo/sample/manifests.ts'
import { type Acting, acting } from '../support/acting.ts'
import { actingCases } from '../support/acting-cases.ts'
import { buildManifest, registryHost } from '../support/acting-cluster.ts'
import { actingRecords } from '../support/acting-records.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { allOfRedis } from '../support/all-of-redis.ts'
import { buttonValue } from '../support/button-value.ts'
import { eventually } from '../support/eventually.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { runCommand } from '../support/run-command.ts'
import { until, webhookToken } from '../support/running-app.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilOffered } from '../support/until-offered.ts'

const { maya, ada, ben, tom } = actionWorkspace
const { failedBuild, stuckPod, hungRegistry, badRelease } = actingCases

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const team = 'T0LOCAL0001'
/** What nobody may ever read again, in places where people leave such things. */
const secrets = { token: `ghp_${'a1B2'.repeat(9)}`, password: 'correct-horse-battery-staple' } as const

/** The environment of the running program. */
function environmentOf({ slack, redisUrl = '' }: Acting): void {
  vi.stubEnv('SLACK_BOT_TOKEN', slack.botToken)
  vi.stubEnv('SLACK_SIGNING_SECRET', slack.signingSecret)
  vi.stubEnv('REDIS_URL', redisUrl)
}

afterEach(() => void vi.unstubAllEnvs())

/** Of all pods in `shop`, as the API server gives them. */
async function logsOf({ cluster }: Acting): Promise<string> {
  const names = cluster
    .list('pods')
    .flatMap(({ metadata: { namespace, name } }) => (namespace === 'shop' ? [name] : []))
  const ask = (name: string) =>
    cluster.handle({ method: 'GET', path: `/api/v1/namespaces/shop/pods/${name}/log`, headers: {}, body: '' })
  return (await Promise.all(names.map(ask))).map(({ body }) => body).join('\n')
}

async function callWrong(talk: Acting, says: string): Promise<void> {
  const { blocks } = await talk.hears(failedBuild.button)
  const [, value = ''] = /"value":"(verdict-is-wrong [^"]+)"/.exec(JSON.stringify(blocks)) ?? []
  await talk.press('more', maya, { value })
  const view = await until('a window asks', () => talk.slack.views(maya).at(-1))
  await talk.slack.submitView({ user: maya, view, values: { words: says } })
}

describe.skipIf(whyNoRedis)('the audit', () => {
  test('has each word and each effect once, and exports them', async () => {
    await using talk = await acting({ redis: true })
    await using records = await actingRecords(talk)
    await untilOffered(talk, failedBuild)
    const id = buttonValue(talk.own(), failedBuild.action)
    await talk.press(failedBuild.action, tom)
    await talk.told(tom, /^Guests/)
    await talk.press(failedBuild.action, ben)
    const ephemeral = await talk.told(ben, /is for @platform-oncall/)
    await talk.slack.press({ user: ben, ephemeral, actionId: 'imagepull:ask-them' })
    await talk.hears(/@ben asks for/)
    await talk.press('grant', ada)
    await talk.hears(/✅ FIXED/)
    await eventually(async () => (await records.audit()).at(-1)?.what, 'outcome')
    environmentOf(talk)
    const { code, output } = await runCommand('audit', '-o', 'jsonl')
    expect(code).toBe(0)
    const lines = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const by = (user: string) => ({ user, team })
    const about = { action: 'rerun-build', approval: id, cluster: 'test', namespace: 'shop' }
    const target = expect.objectContaining({ kind: 'Job', namespace: 'shop', name: 'cart-build' })
    expect(lines).toEqual(
      [
        { what: 'refusal', who: by(tom), result: 'outsider', target },
        { what: 'refusal', who: by(ben), result: 'person', target },
        { what: 'request', who: by(ben), target },
        { what: 'intent', who: by(ada), target },
        {
          what: 'effect',
          after: 'created',
          target: {
            kind: 'Job',
            namespace: 'shop',
            name: expect.stringMatching(/^cart-build-r/),
            uid: expect.any(String),
          },
        },
        {
          what: 'effect',
          before: 'waits for its image',
          after: 'deleted',
          target: { kind: 'Pod', namespace: 'shop', name: expect.stringMatching(/^cart-/), uid: expect.any(String) },
        },
        { what: 'outcome', result: 'done', target },
      ].map((it) => ({
        ...about,
        ...it,
        incident: expect.any(String),
        planHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        at: expect.any(String),
      })),
    )
    const text = await runCommand('audit', '--since', '1h')
    expect(text.output.trimEnd().split('\n')).toHaveLength(7)
    expect(text.output).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}intent {4}rerun-build: Job shop\/cart-build in test, incident \w+; by U0ADA00001 of T0LOCAL0001$/m,
    )
    expect(text.output).toMatch(
      /effect {4}rerun-build: Pod shop\/cart-\S+ in test, incident \w+; waits for its image → deleted$/m,
    )
    const later = await runCommand('audit', '--since', '1s')
    expect(later.output).toMatch(/^No actions since |outcome/)
  })

  test('writes verdicts that were called wrong as cases, which a diagnosis replays', async () => {
    using folder = temporaryFolder()
    const directory = join(folder.path, 'cases')
    await using talk = await acting({ redis: true })
    await untilOffered(talk, failedBuild)
    await callWrong(talk, `the proxy, I think. password=${secrets.password}`)
    await until('it is noted', () => /wrong/.test(talk.says()))
    environmentOf(talk)
    const { code, errors } = await runCommand('audit', '--wrong', directory)
    expect(code).toBe(0)
    expect(errors).toBe(`1 cases are in ${directory}, each for diagnose --from-facts.\n`)
    const [name = '', another] = readdirSync(directory)
    expect(another).toBeUndefined()
    const file = join(directory, name)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(file, 'utf8')).wrong).toMatchObject({
      by: maya,
      cause: 'build-failed',
      says: expect.stringMatching(/^the proxy/),
    })
    expect(readFileSync(file, 'utf8')).not.toContain(secrets.password)
    const replayed = await runCommand('diagnose', 'anything', '--from-facts', file, '-o', 'json')
    expect(JSON.parse(replayed.output)).toMatchObject({
      verdict: { cause: 'build-failed', confidence: 'proven' },
      apiCalls: { kubernetes: 0, registry: 0 },
    })
  })

  test.each([
    [['audit', '--since', 'yesterday'], /--since must be a number and its unit, .* not yesterday\./],
    [['audit', '--since', '0s'], /--since must be/],
    [['audit', '-o', 'xml'], /xml/],
  ])('%j is no command', async (argv, says) => {
    const { code, errors } = await runCommand(...argv)
    expect(code).toBe(2)
    expect(errors).toMatch(says)
  })

  test('says where it cannot be read', async () => {
    await using talk = await acting({ redis: true })
    environmentOf({ ...talk, redisUrl: 'redis://127.0.0.1:1' })
    const { code, errors } = await runCommand('audit')
    expect(code).toBe(2)
    expect(errors).toMatch(/The audit log cannot be read: [\s\S]*Check REDIS_URL/)
  })
})

describe.skipIf(whyNoRedis).concurrent('what was changed says by whom', () => {
  const rows = [
    ['a Job', failedBuild, 'jobs', /^cart-build-r/],
    ['a registry', hungRegistry, 'deployments', /^registry$/],
    ['a workload', badRelease, 'deployments', /^web$/],
  ] as const

  test.each(rows)('%s', async (_what, of, resource, name) => {
    await using talk = await acting({ redis: true, ...(of === hungRegistry && { imageBackoff: 5_000 }) })
    const message = await untilOffered(talk, of)
    const approval = buttonValue([message], of.action)
    await talk.press(of.action)
    await talk.hears(/✅ FIXED|No pod is left to pull the image/)
    await using records = await actingRecords(talk)
    const said = async () => [...new Set((await records.audit()).map(({ what }) => what))]
    await eventually(said, ['intent', 'effect', 'outcome'])
    const [, incident = ''] = /incident (\w+)/.exec(talk.says()) ?? []
    const changed = talk.cluster.list(resource).filter(({ metadata }) => name.test(metadata.name))
    expect(changed.map(({ metadata }) => metadata.annotations)).toMatchObject([
      { 'imagepull.dev/approval': approval, 'imagepull.dev/incident': incident, 'imagepull.dev/requested-by': maya },
    ])
  })

  test('and what is destroyed is kept: a pod as it was, and the log of a build', async () => {
    await using talk = await acting({ redis: true })
    await using records = await actingRecords(talk)
    const id = buttonValue([await untilOffered(talk, stuckPod)], stuckPod.action)
    await talk.press(stuckPod.action)
    const { incident } = await records.until(id, ({ state }) => state === 'done')
    const [kept, another] = await records.evidence(incident)
    expect(another).toBeUndefined()
    expect(kept).toMatchObject({ what: 'pod', namespace: 'shop', name: 'db-0', approval: id })
    const { status, events, verdict } = JSON.parse(kept?.content ?? '')
    expect(JSON.stringify(status)).toContain('not found')
    expect(JSON.stringify(events)).toContain('Failed')
    expect(verdict).toMatchObject({ cause: 'stale-backoff', confidence: 'proven' })
  })
})

test.skipIf(whyNoRedis)('no record, no log line and no message has a secret', async () => {
  const log: string[] = []
  await using talk = await acting({ redis: true, log: (line) => log.push(line) })
  await using records = await actingRecords(talk)
  const { cluster } = talk
  // Kaniko prints the address that it cannot reach.
  const context = `https://robot:${secrets.token}@nowhere.test/good.tar.gz?password=${secrets.password}`
  await cluster.apply(buildManifest('cart', 'good').replace('https://git.test/good.tar.gz', context))
  await cluster.until('it has failed', () =>
    cluster.list('jobs').some(({ status }) => status.conditions.some(({ type }) => type === 'Failed')),
  )
  await cluster.apply(deployment({ namespace: 'shop', name: 'cart', image: `${registryHost}/cart:latest` }))
  await cluster.untilMissing('cart')
  await talk.ask('shop/cart')
  const id = buttonValue([await talk.hears(failedBuild.button)], failedBuild.action)
  await talk.press(failedBuild.action)
  const { incident, state } = await records.until(id, ({ endedAt }) => endedAt !== undefined)
  for (const secret of Object.values(secrets)) expect(await logsOf(talk)).toContain(secret) // the cluster hides nothing
  expect((await records.evidence(incident)).map(({ what }) => what)).toContain('log')
  const all = {
    records: await allOfRedis(talk.redisUrl ?? ''),
    log: log.join(''),
    messages: JSON.stringify(talk.own()),
  }
  expect(all.records).toContain(id)
  expect(all.log.length).toBeGreaterThan(1_000)
  const { botToken, signingSecret, appToken } = talk.slack
  for (const [place, content] of Object.entries(all))
    for (const secret of [...Object.values(secrets), botToken, signingSecret, appToken, webhookToken])
      expect(content.includes(secret), `${place}, after ${state}`).toBe(false)
})
