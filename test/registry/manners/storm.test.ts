import { expect, onTestFinished, test } from 'vitest'
import { createManners } from '../../../src/registry/manners/manners.ts'
import { Secret } from '../../../src/secret.ts'
import { addImage } from '../../../src/simulator/registry/storage.ts'
import { type CountingRegistry, countingRegistry } from '../../support/counting-registry.ts'
import { diagnosing } from '../../support/diagnosing.ts'

async function started(): Promise<CountingRegistry> {
  const registry = await countingRegistry()
  onTestFinished(registry.close)
  return registry
}

test('500 equal diagnoses are a handful of requests', async () => {
  const registry = await started()
  const began = Date.now()
  const manners = createManners({ now: () => began }) // however slow the machine
  const diagnoseOnce = await diagnosing(registry.host, () => registry.open(manners))
  const causes = new Set([await diagnoseOnce()])
  const byOne = registry.asked.length
  for (let batch = 0; batch < 10; batch++)
    for (const cause of await Promise.all(Array.from({ length: 50 }, diagnoseOnce))) causes.add(cause)
  expect(causes.size).toBe(1)
  expect(byOne).toBeLessThanOrEqual(12)
  expect(registry.asked.length).toBe(byOne)
}, 60_000)

const of = { host: 'registry.example', repository: 'app-0', reference: '9.9' }
const login = (source: string, password = 'c4n4ry') => ({ source, username: 'robot', password: new Secret(password) })

test('the same login from two secrets is one request, and each reader sees the name of the own secret', async () => {
  const { asked, open } = await started()
  const manners = createManners()
  const first = await open(manners).manifest({ ...of, reference: '1.0', credential: login('secret shop/a') })
  const requests = asked.length
  const second = await open(manners).manifest({ ...of, reference: '1.0', credential: login('secret cart/b') })
  expect(asked.length).toBe(requests)
  expect([first.asked.credential, second.asked.credential]).toEqual(['secret shop/a', 'secret cart/b'])
})

test('another password of the same user is another login', async () => {
  const { open } = await started()
  const manners = createManners()
  await open(manners).manifest({ ...of, reference: '1.0', credential: login('secret shop/a') })
  const wrong = await open(manners).manifest({ ...of, reference: '1.0', credential: login('secret shop/a', 'old') })
  expect(wrong).toMatchObject({ status: 'unauthorized' })
})

test('a token is used again, until the registry no longer takes it', async () => {
  const { asked, open } = await started()
  const clock = { now: Date.now() }
  const manners = createManners({ now: () => clock.now })
  const credential = login('secret shop/a')
  const ask = (reference: string) => open(manners, 'new').manifest({ ...of, reference, credential })
  const tokens = () => asked.filter((it) => it.includes('/token')).length
  await ask('1.0')
  clock.now += 1
  await ask('1.0')
  expect(tokens()).toBe(1)
  clock.now += 296_000 // the registry's tokens last for 300 s
  await ask('1.0')
  expect(tokens()).toBe(2)
})

test('a no is not believed by who asks again, for it may have been pushed by now', async () => {
  const { open, storage } = await started()
  const manners = createManners()
  const credential = login('secret shop/a')
  expect(await open(manners).manifest({ ...of, credential })).toMatchObject({ status: 'missing' })
  addImage(storage, { repository: 'app-0', tags: ['9.9'] })
  expect(await open(manners).manifest({ ...of, credential })).toMatchObject({ status: 'missing' })
  const clock = Date.now()
  while (Date.now() === clock) await new Promise((resolve) => setImmediate(resolve)) // the next millisecond
  expect(await open(manners, 'new').manifest({ ...of, credential })).toMatchObject({ status: 'found' })
  expect(await open(manners).manifest({ ...of, credential })).toMatchObject({ status: 'found' })
})
