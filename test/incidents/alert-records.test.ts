import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert, AlertPost } from '../../src/incidents/alert.ts'
import { alertRecords } from '../../src/incidents/alert-records.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
let opened: Awaited<ReturnType<typeof openStore>>
let store: Store

beforeAll(async () => {
  opened = await openStore({ dataDirectory: folder.path, keep: 600_000, onError: console.error })
  store = opened.store
})
afterAll(async () => {
  await opened.close()
  folder[Symbol.dispose]()
})

function alertOf(of: Partial<Alert> = {}): Alert {
  return {
    by: 'alertmanager',
    name: 'KubePodNotReady',
    of: 'a',
    cluster: 'prod',
    target: { about: 'pod', namespace: 'shop', pod: 'web-1' },
    firing: true,
    since: '2026-11-24T03:00:00.000Z',
    severity: 'warning',
    labels: {},
    ...of,
  }
}

let places = 0

/** What is known after these tellings, in a cluster of its own. */
async function after(tellings: readonly (readonly [readonly Alert[], AlertPost | undefined])[]) {
  const cluster = `cluster-${places++}`
  const records = alertRecords(store)
  for (const [alerts, post] of tellings) await records.hear(cluster, alerts, post)
  const firing = await records.firing(cluster)
  return firing
    .map(({ cluster: _, ...rest }) => rest)
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

test('an alert fires until it is told to be resolved, and again when it begins later', async () => {
  const resolved = alertOf({ firing: false })
  const later = alertOf({ since: '2026-11-24T04:00:00.000Z' })
  expect(await after([[[alertOf()], undefined]])).toHaveLength(1)
  expect(
    await after([
      [[alertOf()], undefined],
      [[resolved], undefined],
    ]),
  ).toEqual([])
  expect(await after([[[alertOf(), resolved, later], undefined]])).toMatchObject([{ heard: [later] }])
})

test('one of two alerts of a thing still fires', async () => {
  const other = alertOf({ of: 'b', name: 'KubeContainerWaiting' })
  const [known] = await after([
    [[alertOf(), other], undefined],
    [[alertOf({ firing: false })], undefined],
  ])
  expect(known?.heard.map(({ of, firing }) => [of, firing])).toEqual([
    ['a', false],
    ['b', true],
  ])
})

test('whose pod was looked at is known until it is told of again', async () => {
  const records = alertRecords(store)
  await records.hear('looked', [alertOf()], undefined)
  const [first] = await records.firing('looked')
  if (!first) throw new Error('it does not fire')
  await records.looked(first, '2026-11-24T03:05:00.000Z')
  expect(await records.firing('looked')).toMatchObject([{ looked: '2026-11-24T03:05:00.000Z' }])
  await records.hear('looked', [alertOf()], undefined)
  expect((await records.firing('looked'))[0]).not.toHaveProperty('looked')
})

test('any order and multiplicity of tellings comes to the same', async () => {
  const telling = fc.tuple(
    fc.array(
      fc
        .tuple(
          fc.constantFrom('a', 'b', 'c'),
          fc.integer({ min: 0, max: 3 }),
          fc.boolean(),
          fc.constantFrom('web-1', 'web-2'),
        )
        .map(([of, hour, firing, pod]) =>
          alertOf({
            of: `${of}-${pod}`,
            firing,
            since: `2026-11-24T0${hour}:00:00.000Z`,
            target: { about: 'pod', namespace: 'shop', pod },
          }),
        ),
      { maxLength: 4 },
    ),
    fc.option(fc.constantFrom({ channel: 'C1', ts: '1.1' }, { channel: 'C1', ts: '2.1' }), { nil: undefined }),
  )
  const orders = fc.array(telling, { minLength: 1, maxLength: 5 }).chain((tellings) =>
    fc.tuple(
      fc.constant(tellings),
      fc.shuffledSubarray([...tellings, ...tellings], {
        minLength: tellings.length * 2,
        maxLength: tellings.length * 2,
      }),
    ),
  )
  await fc.assert(
    fc.asyncProperty(orders, async ([once, shuffledTwice]) => {
      expect(await after(shuffledTwice)).toEqual(await after(once))
    }),
    { numRuns: 40 },
  )
}, 60_000)

test('a later post that says that it is over counts for those before it, of the same rule and words', async () => {
  const post = (of: string, minute: string, more: Partial<Alert> = {}): Alert =>
    alertOf({
      ...{ by: 'post', of, since: `2026-11-24T03:${minute}:00.000Z` },
      target: { about: 'words', words: ['critical', 'shop'], several: true },
      ...more,
    })
  const over = post('b', '20', {
    firing: false,
    target: { about: 'words', words: ['critical', 'shop'], several: false },
  })
  expect(
    await after([
      [[post('a', '10')], undefined],
      [[over], undefined],
    ]),
  ).toEqual([])
  expect(
    await after([
      [[over], undefined],
      [[post('a', '10')], undefined],
    ]),
  ).toEqual([])
  expect(await after([[[post('a', '30'), over], undefined]])).toHaveLength(1)
  expect(await after([[[post('a', '10', { name: 'ImagePullFailing' }), over], undefined]])).toHaveLength(1)
  expect(await after([[[post('a', '10', { by: 'alertmanager' }), over], undefined]])).toHaveLength(1)
})
