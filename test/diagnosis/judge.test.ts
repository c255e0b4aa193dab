import { describe, expect, test } from 'vitest'
import { type Cause, type Confidence, causesOf, type Finding } from '../../src/diagnosis/cause.ts'
import { judge } from '../../src/diagnosis/judge.ts'
import {
  CannotLook,
  type House,
  houseRun,
  type LampKind,
  lampCauses,
  lampRun,
  noCurrent,
} from '../support/toy-playbook.ts'

const dark = new Set<LampKind>(['dark'])
const ids = (causes: readonly { readonly id: string }[]): string[] => causes.map((cause) => cause.id)
const judgeIn = (house: Partial<House>, kinds: ReadonlySet<LampKind> = dark) =>
  judge(lampCauses, kinds, lampRun(houseRun(house).run, 'hall'))

test('what is proven leads over what is likely', async () => {
  const outcome = await judgeIn({ bulb: async () => 'broken' })
  expect(ids(outcome.chain)).toEqual(['bulb-broken'])
  expect(outcome.confidence).toBe('proven')
  expect(outcome.open).toEqual([])
})

test('a chain is as strong as its weakest link, and is told from the root', async () => {
  const outcome = await judgeIn({ fuse: async () => 'blown' })
  expect(ids(outcome.chain)).toEqual(['fuse-blown', 'no-current'])
  expect(outcome.confidence).toBe('likely')
})

describe('a proven cause is the proven root', () => {
  const cause = causesOf<LampKind, Finding>()
  const sure = (id: string, confidence: Confidence, explains: readonly (LampKind | Cause<LampKind, Finding>)[]) =>
    cause({ id, explains, needs: {}, explain: () => ({ confidence }) })
  const unplugged = sure('unplugged', 'proven', ['dark'])
  const judged = (other: Cause<LampKind, Finding>) => judge([other, unplugged], dark, lampRun(houseRun({}).run, 'hall'))

  test('not while a likely cause stands that would explain it', async () => {
    const outcome = await judged(sure('cat', 'likely', [unplugged]))
    expect(ids(outcome.chain)).toEqual(['unplugged'])
    expect(ids(outcome.also)).toEqual(['cat'])
    expect(outcome.confidence).toBe('likely')
  })

  test('though a merely possible one would explain it', async () => {
    expect((await judged(sure('cat', 'possible', [unplugged]))).confidence).toBe('proven')
  })

  test('though a likely one stands that explains something else', async () => {
    expect((await judged(sure('bulb', 'likely', ['dark']))).confidence).toBe('proven')
  })
})

test('what cannot explain what was seen is not asked', async () => {
  const { run, seen } = houseRun({})
  await judge(lampCauses, new Set<LampKind>(['flickers']), lampRun(run, 'hall'))
  expect(seen.map((it) => it.id)).toEqual(['bulb'])
})

test('a lost message makes every cause a candidate', async () => {
  const outcome = await judgeIn({ bulb: async () => 'broken' }, new Set())
  expect(ids([...outcome.verdicts.keys()])).toEqual(['overloaded', 'fuse-blown', 'no-current', 'bulb-broken'])
  expect(ids(outcome.chain)).toEqual(['bulb-broken'])
})

test('a proven cause outside the chain stands in also', async () => {
  const outcome = await judgeIn({ bulb: async () => 'broken', fuse: async () => 'blown' })
  expect(ids(outcome.chain)).toEqual(['bulb-broken'])
  expect(ids(outcome.also)).toEqual(['fuse-blown'])
})

test('could not look: what may be presumed stands weakly, and the cause is open', async () => {
  const outcome = await judgeIn({ bulb: () => Promise.reject(new CannotLook('the door is locked')) })
  expect(ids(outcome.chain)).toEqual(['no-current'])
  expect(ids(outcome.open)).toContain('bulb-broken')
  expect([...outcome.verdicts].find(([cause]) => cause.id === 'bulb-broken')?.[1]).toEqual({
    status: 'undetermined',
    reason: 'the door is locked',
    finding: { confidence: 'possible' },
  })
})

test('an undetermined cause that could not lead is not open', async () => {
  const outcome = await judgeIn({ bulb: async () => 'broken', fuse: () => Promise.reject(new CannotLook('no key')) })
  expect(ids(outcome.chain)).toEqual(['bulb-broken'])
  expect(outcome.open).toEqual([])
})

test('a check that hangs is unknown when its time is over, and the verdict comes', async () => {
  const outcome = await judgeIn({ fuse: () => new Promise(() => undefined) })
  expect(ids(outcome.chain)).toEqual(['no-current'])
  expect(ids(outcome.open)).toEqual(['overloaded', 'fuse-blown'])
})

test('a cause that throws is isolated and told as a defect', async () => {
  const { run, defects } = houseRun({ fuse: async () => 'blown' })
  const outcome = await judge(lampCauses, dark, lampRun(run, 'hall'))
  expect(ids(outcome.chain)).toEqual(['fuse-blown', 'no-current'])
  expect(defects).toEqual(['overloaded'])
})

test('nothing stands: the chain is empty', async () => {
  const outcome = await judgeIn({ bulb: async () => 'broken' }, new Set(['hot']))
  expect(outcome.chain).toEqual([])
  expect(outcome.verdicts.has(noCurrent)).toBe(false)
})
