import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { causes } from '../src/playbooks/image-pull/causes.ts'
import { actionIds } from '../src/remediation/action-id.ts'
import { actions } from '../src/remediation/actions.ts'

const source = resolve(import.meta.dirname, '../src')
const anywhere = ['text', 'secret', 'shell', 'event-loop', 'observability']

/**
 * Which rooms a room may look into, or which one file of a room. `libraries` is what npm brings; a room that is not here
 * may look into none.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  cli: ['*'],
  app: ['*'],
  demo: ['*'],
  config: ['remediation/action-id', 'redis/settings', 'libraries', ...anywhere],
  redis: ['libraries', ...anywhere],
  text: [],
  secret: ['event-loop'],
  'event-loop': [],
  shell: ['text'],
  observability: ['secret', 'libraries'],
  diagnosis: [],
  messages: ['text', 'secret'],
  kubernetes: ['libraries', ...anywhere],
  registry: ['kubernetes', 'libraries', ...anywhere],
  builds: ['kubernetes', 'registry/reference', 'libraries', ...anywhere],
  gitops: ['kubernetes', 'libraries', ...anywhere],
  target: ['kubernetes', 'libraries', ...anywhere],
  playbooks: ['diagnosis', 'messages', 'kubernetes', 'registry', 'builds', 'gitops', 'libraries', ...anywhere],
  store: ['redis', 'libraries', ...anywhere],
  queue: ['redis', 'libraries', ...anywhere],
  incidents: [
    'diagnosis',
    'playbooks',
    'target',
    'store',
    'queue',
    'kubernetes',
    'messages',
    'registry',
    'libraries',
    ...anywhere,
  ],
  remediation: [
    'diagnosis',
    'playbooks',
    'incidents',
    'target',
    'store',
    'queue',
    'kubernetes',
    'registry',
    'builds',
    'gitops',
    'libraries',
    ...anywhere,
  ],
  alertmanager: ['incidents', 'target', 'queue', 'kubernetes/resources', 'libraries', ...anywhere],
  slack: [
    'incidents',
    'target',
    'alertmanager',
    'remediation',
    'playbooks',
    'queue',
    'store',
    'libraries',
    ...anywhere,
  ],
  preflight: ['diagnosis', 'playbooks', 'messages', 'kubernetes', 'registry', 'builds', 'libraries', ...anywhere],
  scan: ['preflight', 'playbooks', 'target/pods', 'kubernetes', ...anywhere],
  rollout: ['playbooks', 'kubernetes', ...anywhere],
  simulator: ['kubernetes', 'registry', 'builds', 'target/pods', 'libraries', ...anywhere],
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))

function roomOf(file: string): string {
  return file.split('/')[0]?.replace(/\.ts$/, '') ?? ''
}

/** The files of this program that a file imports, as paths in the source folder. */
function ownImportsOf(file: string): readonly string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(source, resolve(dirname(join(source, file)), specifier)))
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(source, file), 'utf8')
  const found = text.matchAll(/^(?:import|export)\b[^'"]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)
  return [...found].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? [])
}

/** The room, and behind a slash the file in it. */
function placeImported(file: string, specifier: string): string {
  if (specifier.startsWith('node:')) return 'node'
  if (!specifier.startsWith('.')) return 'libraries'
  return relative(source, resolve(dirname(join(source, file)), specifier)).replace(/\.tsx?$/, '')
}

describe('rooms look only where they may', () => {
  test.each(files)('%s', (file) => {
    const room = roomOf(file)
    const allowed = mayImport[room]
    expect(allowed, `the room ${room} is not in the table`).toBeDefined()
    const places = importsOf(file).map((specifier) => placeImported(file, specifier))
    const ofOthers = places.filter((place) => roomOf(place) !== room && place !== 'node')
    const forbidden = ofOthers.filter((place) => !allowed?.some((it) => ['*', place, roomOf(place)].includes(it)))
    expect(forbidden).toEqual([])
  })
})

const clients: Readonly<Record<string, readonly string[]>> = {
  '@kubernetes/client-node': ['kubernetes'],
  '@electric-sql/pglite': ['store'],
  ioredis: ['redis', 'store'],
  bullmq: ['queue', 'app'],
  preact: ['demo'],
}

test.each(Object.entries(clients))('only its own room knows %s', (library, rooms) => {
  const users = files.filter((file) => importsOf(file).some((specifier) => specifier.startsWith(library)))
  expect(users.length).toBeGreaterThan(0)
  expect(users.filter((file) => !rooms.includes(roomOf(file)))).toEqual([])
})

/** The vendors' libraries are large: each is loaded by one file, where its login is configured. */
const vendors: Readonly<Record<string, string>> = {
  '@aws-sdk/': 'registry/identity/aws.ts',
  'google-auth-library': 'registry/identity/google.ts',
  '@azure/': 'registry/identity/azure.ts',
}

test.each(Object.entries(vendors))('only one file knows %s, and loads it where it is used', (library, file) => {
  const users = files.filter((it) => importsOf(it).some((specifier) => specifier.startsWith(library)))
  expect(users).toEqual([file])
  const statics = /^import (?!type )[^'"]*?from '([^']+)'/gm
  const loaded = [...readFileSync(join(source, file), 'utf8').matchAll(statics)].map(([, specifier]) => specifier)
  expect(loaded.filter((specifier) => specifier?.startsWith(library))).toEqual([])
})

test('only what acts can change a cluster, and only the program itself connects it', () => {
  const writes = ['kubernetes/writes.ts', 'kubernetes/writes-client.ts']
  expect(files).toEqual(expect.arrayContaining(writes))
  const users = files.filter((file) => ownImportsOf(file).some((it) => writes.includes(it)))
  expect(users.filter((file) => !['remediation', 'kubernetes', 'app'].includes(roomOf(file)))).toEqual([])
  const connecting = files.filter((file) => /\bconnectWrites\b/.test(readFileSync(join(source, file), 'utf8')))
  expect(connecting.filter((file) => roomOf(file) !== 'kubernetes')).toEqual(['app/clusters.ts'])
})

test('no file imports itself through others', () => {
  const imports = new Map(files.map((file) => [file, ownImportsOf(file)]))
  const reaches = (from: string): ReadonlySet<string> => {
    const seen = new Set<string>()
    const open = [...(imports.get(from) ?? [])]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(...(imports.get(next) ?? []))
    }
    return seen
  }
  expect(files.filter((file) => reaches(file).has(file))).toEqual([])
})

test('the simulator and the demo are not part of what is built', () => {
  const built = files.filter((file) => !['simulator', 'demo'].includes(roomOf(file)))
  const users = built.filter((file) => importsOf(file).some((specifier) => /\/(?:simulator|demo)\//.test(specifier)))
  expect(users).toEqual([])
})

async function exportedBy(file: string): Promise<readonly unknown[]> {
  return Object.values(await import(join(source, file)))
}

describe('every action file is in the list', () => {
  const listed: ReadonlySet<unknown> = new Set(actions)
  const helpers = ['remediation/actions/wording.ts']
  const own = files.filter((file) => file.startsWith('remediation/actions/') && !helpers.includes(file))
  test.each(own)('%s', async (file) => {
    expect((await exportedBy(file)).filter((it) => listed.has(it)).length).toBeGreaterThan(0)
  })

  test('and every id has its action', () => {
    expect(actions.map(({ id }) => id).toSorted()).toEqual(actionIds.toSorted())
  })
})

describe('every cause file is in the list', () => {
  const listed: ReadonlySet<unknown> = new Set(causes)
  test.each(files.filter((file) => file.startsWith('playbooks/image-pull/causes/')))('%s', async (file) => {
    const exported = (await exportedBy(file)).filter((it) => typeof it === 'object')
    expect(exported.length).toBeGreaterThan(0)
    expect(exported.filter((it) => !listed.has(it))).toEqual([])
  })
})

test('a command starts without the libraries of the bot, and so does the probe that runs on a node', () => {
  const statics = (file: string) =>
    [...readFileSync(join(source, file), 'utf8').matchAll(/^import (?!type )[^'"]*?from '([^']+)'/gm)].map(
      ([, specifier = '']) => specifier,
    )
  const seen = new Set<string>()
  const libraries = new Set<string>()
  const open = ['cli/main.ts', 'cli/probe.ts']
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    for (const specifier of statics(file))
      if (specifier.startsWith('.')) open.push(relative(source, resolve(dirname(join(source, file)), specifier)))
      else if (!specifier.startsWith('node:')) libraries.add(specifier)
  }
  expect([...libraries].toSorted()).toEqual(['commander', 'picocolors'])
})

test('a start makes the embedded database before it loads the program: together they would take too much memory', () => {
  const text = readFileSync(join(source, 'cli/start.ts'), 'utf8')
  expect(text).not.toMatch(/^import (?!type)[^;]*? from '\.\.\/(?:app|incidents|slack|kubernetes|playbooks)\//m)
  expect(text.indexOf('await makeEmbeddedDatabase(')).toBeGreaterThan(0)
  expect(text.indexOf('await makeEmbeddedDatabase(')).toBeLessThan(text.indexOf("import('../app/start.ts')"))
})

test('only config reads the environment', () => {
  const readers = files.filter((file) => /\bprocess\.env\b/.test(readFileSync(join(source, file), 'utf8')))
  expect(readers.filter((file) => roomOf(file) !== 'config')).toEqual([])
})
