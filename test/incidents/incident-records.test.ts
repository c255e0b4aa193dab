import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Failure } from '../../src/incidents/failure.ts'
import { type ActionEntry, withAction } from '../../src/incidents/incident.ts'
import { keepFacts } from '../../src/incidents/investigation/feedback.ts'
import { newIncident } from '../../src/incidents/open.ts'
import { incidentRecords } from '../../src/incidents/records.ts'
import type { Store } from '../../src/store/store.ts'
import { at, failureOf } from '../support/incident-samples.ts'
import { testStore } from '../support/test-store.ts'

const unreadable: string[] = []
const store: Store = { ...testStore(), unreadable: ({ kind, error }) => unreadable.push(`${kind} ${error.code}`) }

/** Of a workload that no other test has. */
function failureIn(namespace: string): Failure {
  return failureOf({ namespace, image: `10.43.170.72:5000/${namespace}:latest` })
}

function beginning(id: string, failure: Failure, channel = 'C1') {
  return newIncident({ id, channel, failure, at })
}

/** Puts something else in the place of a record that is there. */
async function overwrite(kind: 'incident' | 'incident-key', id: string, value: unknown): Promise<void> {
  const stored = await store.read(kind, id)
  await store.write(kind, id, value, { revision: stored?.revision ?? 0, list: 'open prod-eu' })
}

describe('an id', () => {
  test('is never given twice: of something else that has it already, nothing is joined', async () => {
    const records = incidentRecords(store, () => 'OTHER')
    const first = await records.create(beginning('SAME1', failureIn('first')))
    const second = await records.create(beginning('SAME1', failureIn('second'), 'C2'))
    expect([first.id, second.id]).toEqual(['SAME1', 'OTHER'])
    expect(await records.read('SAME1')).toMatchObject({ subject: { namespace: 'first' }, channel: 'C1' })
    expect(await records.lastOf(failureIn('second'))).toMatchObject({ id: 'OTHER', channel: 'C2' })
  })

  test('is the same for a beginning that was interrupted', async () => {
    const records = incidentRecords(store)
    const again = { ...beginning('AGAIN', failureIn('again')), openedAt: '2026-11-24T02:58:30.000Z' }
    await records.create(beginning('AGAIN', failureIn('again')))
    expect((await records.create(again)).id).toBe('AGAIN')
  })

  test('that has a record nobody can read is another one, and the record stays', async () => {
    await overwrite('incident', 'TAKEN', { version: 99 })
    const records = incidentRecords(store, () => 'FRESH')
    expect((await records.create(beginning('TAKEN', failureIn('taken')))).id).toBe('FRESH')
    expect(await store.read('incident', 'TAKEN')).toMatchObject({ value: { version: 99 } })
  })
})

describe('a record that cannot be read', () => {
  test.each([
    ['of a newer version', { version: 99 }, 'incident newer-version'],
    ['of another form', { version: 1, id: 'x' }, 'incident unreadable'],
    ['that is no object', 'text', 'incident unreadable'],
  ])('%s stops neither its workload nor another, and stays as it is', async (name, value, told) => {
    let count = 0
    const namespace = name.replaceAll(' ', '-')
    const records = incidentRecords(store, () => `NEW${++count}`)
    const { id } = await records.create(beginning(`OLD-${namespace}`, failureIn(namespace)))
    await overwrite('incident', id, value)
    unreadable.length = 0

    expect(await records.lastOf(failureIn(namespace))).toBeUndefined()
    const next = await records.create(beginning(`NEXT-${namespace}`, failureIn(namespace)))
    expect(next.id).toBe(`NEXT-${namespace}`)
    expect(await records.lastOf(failureIn(namespace))).toMatchObject({ id: next.id })
    expect((await records.open('prod-eu')).map((it) => it.id)).toContain(next.id)
    expect(await records.read(id)).toBeUndefined()
    expect(await records.change(id, (before) => ({ ...before, again: 1 }))).toBeUndefined()
    expect(await store.read('incident', id)).toMatchObject({ value })
    expect(new Set(unreadable)).toContain(told)
  })

  test('of the index has another beside it', async () => {
    const records = incidentRecords(store)
    const { id } = await records.create(beginning('INDEX', failureIn('index')))
    const incident = await records.read(id)
    const key = createHash('sha256')
      .update(incident?.key ?? '')
      .digest('hex')
    await overwrite('incident-key', key, { version: 2 })
    expect(await records.lastOf(failureIn('index'))).toBeUndefined()
    const next = await records.create(beginning('SECND', failureIn('index')))
    expect(await records.lastOf(failureIn('index'))).toMatchObject({ id: next.id })
    expect(await store.read('incident-key', key)).toMatchObject({ value: { version: 2 } })
  })
})

describe('what grows', () => {
  const entry = (id: string, state: ActionEntry['state']): ActionEntry => ({
    ...{ id, state, action: 'rerun-build', label: 'Rerun build', alone: true, says: 'x', steps: [] },
  })

  test('an incident on which much was done is still written and read', async () => {
    const records = incidentRecords(store)
    const { id } = await records.create(beginning('MUCH1', failureIn('much')))
    await records.change(id, (before) => withAction(before, entry('live', 'approved'), at))
    for (let count = 0; count < 45; count++)
      await records.change(id, (before) => withAction(before, entry(`a${count}`, 'done'), at))
    const ids = (await records.read(id))?.actions.map((it) => it.id) ?? []
    expect(ids).toHaveLength(40)
    expect([ids[0], ids.at(-1)]).toEqual(['live', 'a44']) // what has not ended stays
  })

  test.each([
    ['of usual size', JSON.stringify({ facts: 'x'.repeat(200_000) }), true],
    ['that escaping makes too large', JSON.stringify({ facts: '\u0001'.repeat(200_000) }), false],
    ['that is too large', 'x'.repeat(2_000_000), false],
    ['in a script of three bytes a character', '字'.repeat(400_000), false],
  ])('facts %s fail no check', async (name, json, kept) => {
    await keepFacts(store, name, json)
    expect((await store.read('facts', name)) !== undefined).toBe(kept)
  })
})
