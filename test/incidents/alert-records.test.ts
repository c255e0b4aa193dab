import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../src/incidents/alerts/alert.ts'
import { alertRecords } from '../../src/incidents/alerts/records.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { preparedDirectory } from '../support/prepared-directory.ts'
import type { TemporaryFolder } from '../support/temporary-folder.ts'

let folder: TemporaryFolder
let opened: Awaited<ReturnType<typeof openStore>>
let store: Store

beforeAll(async () => {
  folder = await preparedDirectory()
  opened = await openStore({ dataDirectory: folder.path, keep: 600_000, onError: console.error })
  store = opened.store
})
afterAll(async () => {
  await opened.close()
  folder[Symbol.dispose]()
})

function alertOf(of: Partial<Alert> = {}): Alert {
  return {
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
async function after(tellings: readonly (readonly Alert[])[]) {
  const cluster = `cluster-${places++}`
  const records = alertRecords(store)
  for (const alerts of tellings) await records.add(cluster, alerts)
  const firing = await records.firing(cluster)
  return firing
    .map(({ cluster: _, ...rest }) => rest)
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

test('an alert fires until it is told to be resolved, and again when it begins later', async () => {
  const resolved = alertOf({ firing: false })
  const later = alertOf({ since: '2026-11-24T04:00:00.000Z' })
  expect(await after([[alertOf()]])).toHaveLength(1)
  expect(await after([[alertOf()], [resolved]])).toEqual([])
  expect(await after([[alertOf(), resolved, later]])).toMatchObject([{ heard: [later] }])
})

test('one of two alerts of a thing still fires', async () => {
  const other = alertOf({ of: 'b', name: 'KubeContainerWaiting' })
  const [known] = await after([[alertOf(), other], [alertOf({ firing: false })]])
  expect(known?.heard.map(({ of, firing }) => [of, firing])).toEqual([
    ['a', false],
    ['b', true],
  ])
})

test('whose pod was looked at is known until it is told of again', async () => {
  const records = alertRecords(store)
  await records.add('looked', [alertOf()])
  const [first] = await records.firing('looked')
  if (!first) throw new Error('it does not fire')
  await records.markChecked(first, '2026-11-24T03:05:00.000Z')
  expect(await records.firing('looked')).toMatchObject([{ looked: '2026-11-24T03:05:00.000Z' }])
  await records.add('looked', [alertOf()])
  expect((await records.firing('looked'))[0]).not.toHaveProperty('looked')
})

test('any order and multiplicity of tellings comes to the same', async () => {
  const telling = fc.array(
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
          ...(of === 'c' && { post: { channel: 'C1', ts: '1.1' } }),
          target: { about: 'pod', namespace: 'shop', pod },
        }),
      ),
    { maxLength: 4 },
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
})

test('a later post that says that it is over counts for those before it, of the same rule and words', async () => {
  const post = (of: string, minute: string, more: Partial<Alert> = {}): Alert =>
    alertOf({
      ...{ post: { channel: 'C1', ts: of }, of, since: `2026-11-24T03:${minute}:00.000Z` },
      target: { about: 'words', words: ['critical', 'shop'], several: true },
      ...more,
    })
  const over = post('b', '20', {
    firing: false,
    target: { about: 'words', words: ['critical', 'shop'], several: false },
  })
  expect(await after([[post('a', '10')], [over]])).toEqual([])
  expect(await after([[over], [post('a', '10')]])).toEqual([])
  expect(await after([[post('a', '30'), over]])).toHaveLength(1)
  expect(await after([[post('a', '10', { name: 'ImagePullFailing' }), over]])).toHaveLength(1)
  expect(await after([[post('a', '10', { post: undefined }), over]])).toHaveLength(1)
})

test('of very many posts with the same words the newest are kept, in any order', async () => {
  const post = (minute: number): Alert =>
    alertOf({
      ...{ post: { channel: 'C1', ts: `${minute}` }, of: `post-${minute}` },
      target: { about: 'words', words: ['shop'], several: true },
      since: `2026-11-24T03:${String(minute).padStart(2, '0')}:00.000Z`,
    })
  const minutes = Array.from({ length: 30 }, (_, minute) => minute)
  for (const order of [minutes, minutes.toReversed()]) {
    const [known] = await after(order.map((minute) => [post(minute)]))
    expect(known?.heard.map((it) => it.of)).toEqual(
      minutes
        .toReversed()
        .slice(0, 20)
        .map((it) => `post-${it}`),
    )
  }
})
