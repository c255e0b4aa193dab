import { describe, expect, test } from 'vitest'
import type { Rule } from '../../src/simulator/cluster/api/address.ts'
import { kubeconfigFile, temporaryFile } from '../../src/simulator/cluster/memory-cluster.ts'
import type { Scope } from '../../src/simulator/slack/platform.ts'
import { neededScopes, usefulScopes } from '../../src/slack/scopes.ts'
import { lockData } from '../../src/store/embedded/data-lock.ts'
import { openStore } from '../../src/store/open.ts'
import { examined, type Given } from '../support/examined.ts'
import { preparedDirectory } from '../support/prepared-directory.ts'
import { whyNoRedis } from '../support/redis-server.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

if (whyNoRedis && process.env.REQUIRE_ALL) throw new Error(whyNoRedis)
if (whyNoRedis) console.log(`skipped: ${whyNoRedis}`)

const { incidents, general, archived, secret } = slackWorkspace
const shared = 'C0PARTNERS'
const scopes = [...Object.keys(neededScopes), ...Object.keys(usefulScopes)] as Scope[] // the local Slack knows them all
const nobody = '127.0.0.1:9'
const forbid = (resource: Rule['resource'], ...verbs: Rule['verb'][]) => verbs.map((verb) => ({ verb, resource }))

type Row = readonly [name: string, given: Given, says: readonly RegExp[]]

/** Each finding that is not a good one, with its fix; and the exit code. */
function table(code: number, rows: readonly Row[]): void {
  test.each(rows)('%s', async (_name, given, says) => {
    const { problems, ...seen } = await examined(given)
    expect(problems).toEqual(says.map((line) => expect.stringMatching(line)))
    expect(seen).toMatchObject({ code, errors: '' })
  })
}

describe.skipIf(whyNoRedis)('doctor', () => {
  test('where all is well each part is one line', async () => {
    const { lines, code } = await examined({})
    expect(lines).toEqual([
      '✓ Redis: reachable, persistent, supported version, and the queue works',
      '✓ Slack token: imagepull in Local Slack',
      '✓ Slack scopes: all 10 are granted',
      `✓ channel ${incidents}: #incidents`,
      '✓ cluster test: reachable; all rights for 7 features are granted',
      expect.stringMatching(/^✓ registry 127\.0\.0\.1:\d+: reachable; 1 repository$/),
    ])
    expect(code).toBe(0)
  })

  describe('of what keeps it from working', () => {
    table(2, [
      [
        'no tokens',
        { environment: { SLACK_BOT_TOKEN: '', SLACK_SIGNING_SECRET: '' } },
        [/^✗ environment: .*SLACK_BOT_TOKEN is missing.*SLACK_SIGNING_SECRET is missing.* {2}→ Fix the named settings/],
      ],
      [
        'a token that Slack does not know',
        { environment: { SLACK_BOT_TOKEN: 'xoxb-0-0-unknown' } },
        [/^✗ Slack token: Slack rejects it: invalid_auth {2}→ Copy the Bot User OAuth Token again/],
      ],
      [
        'a Slack that cannot be reached',
        { environment: { SLACK_API_URL: `http://${nobody}/api/` } },
        [/^✗ Slack token: Slack cannot be reached: .* {2}→ Check the network, HTTPS_PROXY and SLACK_API_URL/],
      ],
      [
        'a workspace that is not listed',
        { configuration: { workspaces: ['T0ANOTHER01'] } },
        [/^✗ Slack token: belongs to workspace T0LOCAL0001, which "workspaces" does not list {2}→ Add T0LOCAL0001/],
      ],
      [
        'a scope that it needs',
        { scopes: scopes.filter((it) => it !== 'chat:write') },
        [/^✗ scope chat:write: is missing: .*thread.* {2}→ Add it to the app, then reinstall the app/],
      ],
      [
        'the scope that channels are asked about with',
        { scopes: scopes.filter((it) => it !== 'channels:read') },
        [/^✗ scope channels:read: is missing/, /^✗ channel C0INCIDENT: Slack says missing_scope/],
      ],
      [
        'no channel',
        { configuration: { channels: [] } },
        [/^✗ channels: the configuration lists none, so every command is refused/],
      ],
      [
        'a channel without the bot',
        { configuration: { channels: [{ id: general }] } },
        [/^✗ channel C0GENERAL1: the bot is not in #general {2}→ Type \/invite @imagepull in the channel/],
      ],
      [
        'a private channel without the bot',
        { configuration: { channels: [{ id: secret }] } },
        [/^✗ channel C0SECRET01: Slack says channel_not_found {2}→ .*\/invite @imagepull/],
      ],
      [
        'a channel that is archived',
        { configuration: { channels: [{ id: archived }] } },
        [/^✗ channel C0ARCHIVED: #archived is archived {2}→ Remove it from the configuration/],
      ],
      [
        'a Redis that forgets',
        { redis: ['--maxmemory-policy', 'allkeys-lru'] },
        [/^✗ Redis: .*maxmemory-policy allkeys-lru.*CONFIG SET maxmemory-policy noeviction/],
      ],
      [
        'a Redis that keeps nothing on disk',
        { redis: ['--appendonly', 'no'] },
        [/^✗ Redis: .*keeps nothing on disk.*CONFIG SET appendonly yes/],
      ],
      [
        'a Redis that cannot be reached',
        { environment: { REDIS_URL: `redis://:not-to-be-shown@${nobody}` } },
        [
          /^✗ Redis: Redis cannot be reached: connect ECONNREFUSED [\d.:]+ {2}→ Check REDIS_URL, and that the server is running/,
        ],
      ],
      [
        'a cluster that shows no pods',
        { forbid: forbid('pods', 'get', 'list') },
        [/^✗ cluster test: pods and their events: not allowed to get pods, list pods; nothing can be diagnosed {2}→/],
      ],
      [
        'a kubeconfig that is not there',
        { environment: { KUBECONFIG: '/nowhere/kubeconfig' } },
        [/^✗ clusters: .*\/nowhere\/kubeconfig.* {2}→ Give one with --kubeconfig/],
      ],
      [
        'a configuration that is not valid, beside a Redis that is looked at all the same',
        { file: 'channels: [{ id: 7 }]\nregistry: []\n', redis: ['--appendonly', 'no'] },
        [/^✗ configuration: .*channels\[0\]\.id.*registry/, /^✗ Redis: .*keeps nothing on disk/],
      ],
    ])
  })

  describe('of what only matters for a part', () => {
    table(0, [
      [
        'scopes that it is better with',
        { scopes: scopes.filter((it) => !(it in usefulScopes)) },
        [
          /^! scope channels:history: is missing \(optional\)/,
          /^! scope groups:history/,
          /^! scope reactions:write/,
          /^! scope users:read/,
        ],
      ],
      [
        'a channel that is shared',
        { configuration: { channels: [{ id: shared }] } },
        [/^! channel C0PARTNERS: #partners is shared with another organisation.* {2}→ Set shared: true/],
      ],
      ['a channel that may be shared', { configuration: { channels: [{ id: shared, shared: true }] } }, []],
      [
        'a cluster that shows neither builds nor nodes',
        { forbid: [...forbid('jobs', 'list'), ...forbid('nodes', 'get', 'list')] },
        [
          /^! cluster test: builds: not allowed to list jobs; failed or missing builds cannot be detected {2}→ Grant it: .* deploy\/rbac-readonly\.yaml/,
          /^! cluster test: nodes: not allowed to get nodes, list nodes; /,
        ],
      ],
      [
        'pull secrets, only where they are to be read',
        { configuration: { clusters: [{ name: 'test', secrets: 'read' }] }, forbid: forbid('secrets', 'get') },
        [/^! cluster test: pull secrets: not allowed to get secrets; registries can only be asked without credentials/],
      ],
      ['and not where they are left alone', { forbid: forbid('secrets', 'get') }, []],
      [
        'a registry that cannot be reached',
        { configuration: { registries: [{ host: nobody, plainHttp: true }] } },
        [/^! registry 127\.0\.0\.1:9: .* {2}→ Check its address, ca and plainHttp/],
      ],
    ])
  })

  test('a cluster that cannot be reached is said, and the rest is looked at all the same', async () => {
    using kubeconfig = kubeconfigFile(`https://${nobody}`)
    const { problems, code } = await examined({ environment: { KUBECONFIG: kubeconfig.path } })
    expect(problems).toEqual([expect.stringMatching(/^✗ cluster test: .* {2}→ Check the kubeconfig/)])
    expect(code).toBe(2)
  })
})

describe('doctor, of the embedded store', () => {
  const storeLine = async (directory: string, word = directory) => {
    const environment = { SLACK_API_URL: `http://${nobody}/api/`, REDIS_URL: '', IMAGEPULL_DATA_DIR: directory }
    const { lines } = await examined({ environment, redis: 'none' })
    return lines.find((line) => line.includes('embedded store') && line.includes(word))
  }

  test('a directory of its own', async () => {
    using folder = temporaryFolder()
    expect(await storeLine(folder.path)).toBe(`✓ embedded store: ${folder.path}`)
  })

  test('records that cannot be read are named, and the rest is as it is', async () => {
    using folder = await preparedDirectory()
    const { store, close } = await openStore({ dataDirectory: folder.path, keep: 60_000, onError: console.error })
    await store.write('wrong', 'later', { version: 1_000 }, { revision: 0, list: 'all' })
    await close()
    expect(await storeLine(folder.path)).toBe(`✓ embedded store: ${folder.path}`)
    expect(await storeLine(folder.path, 'cannot read')).toMatch(
      /^! embedded store: cannot read wrong later\. .* {2}→ If a newer version/,
    )
  })

  test('one that is in use: imagepull runs', async () => {
    using folder = temporaryFolder()
    const lock = await lockData(folder.path)
    expect(await storeLine(folder.path)).toBe(`✓ embedded store: ${folder.path} is in use: imagepull is running`)
    lock.release()
  })

  test('one that cannot be made', async () => {
    using file = temporaryFile('')
    expect(await storeLine(file.path)).toMatch(/^✗ embedded store: .* {2}→ Set IMAGEPULL_DATA_DIR/)
  })
})
