import { describe, expect, test } from 'vitest'
import { bulb, CannotLook, fuse, houseRun, lampRun } from '../support/toy-playbook.ts'

test('a fact is asked once for what it depends on: the house once, each lamp for itself', async () => {
  const asked: string[] = []
  const { run } = houseRun({
    fuse: async () => {
      asked.push('fuse')
      return 'whole'
    },
    bulb: async (lamp) => {
      asked.push(lamp)
      return 'whole'
    },
  })
  const lamps = ['hall', 'stairs'].map((lamp) => lampRun(run, lamp))
  await Promise.all(lamps.flatMap((lamp) => [fuse.ask(lamp), bulb.ask(lamp), bulb.ask(lamp)]))
  expect(asked.toSorted()).toEqual(['fuse', 'hall', 'stairs'])
})

test('a run knows the answers that it has, and asks nothing for them', async () => {
  const asked: string[] = []
  const { run } = houseRun({
    async fuse() {
      asked.push('fuse')
      return 'whole'
    },
    async bulb(lamp) {
      asked.push(lamp)
      return 'broken'
    },
  })
  const [hall, stairs] = [lampRun(run, 'hall'), lampRun(run, 'stairs')]
  expect([fuse.answerIn(hall), bulb.answerIn(hall)]).toEqual([undefined, undefined])
  await Promise.all([fuse.ask(hall), bulb.ask(hall)])
  expect(fuse.answerIn(stairs)).toEqual({ known: true, value: 'whole' })
  expect(bulb.answerIn(hall)).toEqual({ known: true, value: 'broken' })
  expect(bulb.answerIn(stairs)).toBeUndefined()
  expect(asked).toEqual(['fuse', 'hall'])
})

test('what was not given is unknown', async () => {
  const { run } = houseRun({})
  expect(await bulb.ask(run)).toEqual({ known: false, reason: 'lamp was not given' })
})

test('a saved fact is recalled for its own run, without asking', async () => {
  const saved = new Map([['/hall:bulb', { known: true, value: 'broken' } as const]])
  const { run } = houseRun({ bulb: async () => 'whole' }, undefined, saved)
  expect(await bulb.ask(lampRun(run, 'hall'))).toEqual({ known: true, value: 'broken' })
  expect(await bulb.ask(lampRun(run, 'stairs'))).toEqual({ known: true, value: 'whole' })
})

describe('could not look', () => {
  test('an error with a code is a reason', async () => {
    const { run, defects } = houseRun({ fuse: () => Promise.reject(new CannotLook('no key')) })
    expect(await fuse.ask(run)).toEqual({ known: false, reason: 'no key', code: 'door-locked' })
    expect(defects).toEqual([])
  })

  test('an error without one is a defect, and unknown all the same', async () => {
    const { run, defects } = houseRun({ fuse: () => Promise.reject(new TypeError('x is not a function')) })
    expect(await fuse.ask(run)).toEqual({ known: false, reason: 'the check "fuse" failed' })
    expect(defects).toEqual(['fuse'])
  })

  test('a limit that passed', async () => {
    const { run } = houseRun({ fuse: () => new Promise(() => undefined) })
    expect(await fuse.ask(run)).toEqual({ known: false, reason: 'no answer within 0.05 s', code: 'no-answer' })
  })

  test('the end of the whole diagnosis', async () => {
    const { run } = houseRun({}, AbortSignal.abort(new Error('time is up')))
    expect(await fuse.ask(run)).toEqual({ known: false, reason: 'the diagnosis ran out of time', code: 'out-of-time' })
  })
})
