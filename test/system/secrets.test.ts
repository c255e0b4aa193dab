import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { listen } from '../../src/simulator/listen.ts'
import { basicAccess } from '../../src/simulator/registry/access.ts'
import { registryListener, sampleRegistry } from '../../src/simulator/registry/server.ts'
import { addImage, registryStorage } from '../../src/simulator/registry/storage.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { payloadOf, podNotReady } from '../support/alert-payload.ts'
import { type Conversation, conversation } from '../support/conversation.ts'
import { canaries, leakyCluster } from '../support/leaky-cluster.ts'
import { preparedDirectory } from '../support/prepared-directory.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { runCommand } from '../support/run-command.ts'
import { until, webhookToken } from '../support/running-app.ts'
import { planted, secretsIn } from '../support/secret-shapes.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// What pods, events, messages, build logs, Jobs, pull secrets and the environment give away reaches no place where somebody
// could read it: Slack in every state of its messages, what the store ever wrote down, the log, the metrics, the audit.

const { maya, incidents } = slackWorkspace

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

afterEach(() => void vi.unstubAllEnvs())

function filesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n')
}

/** Every command that changed something, since the server began. */
async function writtenToRedis(url: string): Promise<string> {
  const redis = new Redis(url)
  const [, directory = ''] = (await redis.config('GET', 'dir')) as string[] // name and value
  redis.disconnect()
  return filesIn(join(directory, 'appendonlydir'))
}

/** Every row of every table, as the log of the database may have compressed it. And that log, for rows that are gone. */
async function writtenToFiles(directory: string): Promise<string> {
  const file = readdirSync(directory, { recursive: true, encoding: 'utf8' }).find((it) => /(?:^|\/)pg_wal$/.test(it))
  const root = join(directory, file?.replace(/\/?pg_wal$/, '') ?? '')
  const database = await PGlite.create(root)
  const tables = await database.query<{ name: string }>(
    "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  )
  const rows: string[] = []
  for (const { name } of tables.rows)
    rows.push(JSON.stringify((await database.query(`select t::text from ${name} t`)).rows))
  await database.close()
  const log = new Set(filesIn(join(root, 'pg_wal')).match(/[\x20-\x7e]{12,}/g)) // each text of it once
  return [...rows, ...log].join('\n')
}

/** All that anybody ever saw, whatever was put in its place later. */
function watched(slack: LocalSlack): () => string {
  const seen = new Set<string>()
  slack.onChange(() => {
    for (const { id } of slack.channels) for (const message of slack.messages(id)) seen.add(JSON.stringify(message))
    for (const { id } of slack.users)
      for (const shown of [...slack.ephemerals(id), ...slack.views(id)]) seen.add(JSON.stringify(shown))
  })
  return () => [...seen].join('\n')
}

/** A registry with a login, that remembers who came. */
async function privateRegistry(logins: string[]) {
  const storage = registryStorage()
  addImage(storage, { repository: 'web', tags: ['9.8'] })
  const registry = sampleRegistry(storage, {
    access: basicAccess(new Map([['robot', canaries.password]]), 'registry'),
  })
  return listen(
    registryListener((request) => {
      logins.push(request.headers.authorization ?? '')
      return registry(request)
    }),
  )
}

/** Asks, alerts, makes a message fail, checks again, and calls the verdict wrong, with secrets in all that is typed. */
async function useIt(talk: Conversation, log: readonly string[]): Promise<void> {
  const { slack } = talk
  await talk.ask('shop/web-5d9cf86b95-26kvf')
  await talk.verdict(/Why:/)
  await until('the root says so', () => talk.roots().some((it) => /DOWN/.test(slack.plainText(it))))
  await talk.ask(`web --token=${canaries.token}`)
  await talk.ask('')
  await until('both are answered', () => slack.ephemerals(maya).length >= 2)
  const words = `curl -H "Authorization: Bearer ${canaries.header}" failed`
  const alert = podNotReady('web-5d9cf86b95-26kvf', { labels: { description: words } })
  expect(await talk.webhook(payloadOf([alert], { commonAnnotations: { description: words } }))).toBe(200)
  await until('the alert is read', () => log.some((line) => /"job":"delivery".*is done/.test(line)))
  slack.fail('chat.update', { kind: 'server-error', effect: 'before' }, 1)
  const findings = await until('the button', () => talk.own().find((it) => /\[Check again\]/.test(slack.plainText(it))))
  await slack.press({ user: maya, message: findings, actionId: 'imagepull:check-again' })
  await until('it was checked again', () => log.filter((line) => /"job":"investigate".*is done/.test(line)).length >= 2)
  await callWrong(talk)
}

async function callWrong({ slack, own }: Conversation): Promise<void> {
  const menu = /"value":"(verdict-is-wrong [^"]+)"/
  const message = await until('the menu', () => own().findLast((it) => menu.test(JSON.stringify(it.blocks))))
  const [, value = ''] = menu.exec(JSON.stringify(message.blocks)) ?? []
  await slack.press({ user: maya, message, actionId: 'imagepull:more', value })
  const view = await until('a window asks', () => slack.views(maya).at(-1))
  const words = planted
    .map(({ text }) => text)
    .join('\n')
    .slice(0, 2_900)
  await slack.submitView({ user: maya, view, values: { words } })
  await until('it is noted', () => own().some((it) => /wrong/.test(slack.plainText(it))))
}

/** What `audit` prints, and the cases that it writes. */
async function exported(folder: string): Promise<string> {
  const cases = join(folder, 'cases')
  const { code, output, errors } = await runCommand('audit', '-o', 'jsonl', '--wrong', cases)
  expect([code, errors]).toEqual([0, expect.stringContaining('1 cases')])
  return [output, errors, filesIn(cases)].join('\n')
}

describe.each([
  ['Redis', true],
  ['the embedded store', false],
])('what nobody may see, with %s', (_store, redis) => {
  test.skipIf(redis && whyNoRedis)(
    'reaches neither Slack nor the store, the log, the metrics nor the audit',
    async () => {
      await using stack = new AsyncDisposableStack()
      const folder = stack.use(redis ? temporaryFolder() : await preparedDirectory())
      const logins: string[] = []
      const server = await privateRegistry(logins)
      stack.defer(server.close)
      const host = `127.0.0.1:${server.port}`
      const log: string[] = []
      const configuration = { clusters: [{ name: 'test', secrets: 'read' }], registries: [{ host, plainHttp: true }] }
      const dataDirectory = folder.path
      const talk = stack.use(
        await conversation({
          redis,
          ...leakyCluster(host),
          configuration,
          dataDirectory,
          log: (line) => log.push(line),
        }),
      )
      const { slack } = talk
      const seen = watched(slack)
      await useIt(talk, log)
      const metrics = await (await fetch(`${talk.url}/metrics`)).text()
      await talk.stop()

      vi.stubEnv('SLACK_BOT_TOKEN', slack.botToken)
      vi.stubEnv('SLACK_SIGNING_SECRET', slack.signingSecret)
      vi.stubEnv('IMAGEPULL_DATA_DIR', dataDirectory)
      vi.stubEnv('REDIS_URL', talk.redis?.url ?? '')
      const audit = await exported(folder.path)
      const store = await (talk.redis ? writtenToRedis(talk.redis.url) : writtenToFiles(dataDirectory))
      const sinks = { Slack: seen(), store, log: log.join('\n'), metrics, audit }
      const tokens = [slack.botToken, slack.signingSecret, webhookToken]
      const all = [...Object.values(canaries), ...tokens, ...planted.map(({ secret }) => secret)]
      for (const [sink, text] of Object.entries(sinks)) {
        expect(text.length, `${sink} holds something`).toBeGreaterThan(500)
        expect([sink, secretsIn(text, all)]).toEqual([sink, []])
      }
      // They did pass by: the login was used, and what was left out of the log of the build is marked.
      expect(logins.map((it) => Buffer.from(it.replace(/^Basic /, ''), 'base64').toString())).toContain(
        `robot:${canaries.password}`,
      )
      expect(sinks.Slack).toContain('NPM_TOKEN=[redacted]')
      expect(sinks.store).toContain('[redacted]')
      expect(sinks.audit).toContain('[redacted]')
      expect(slack.messages(incidents).length).toBeGreaterThan(2)
    },
  )
})
