import { causesOf, type Finding } from '../../src/diagnosis/cause.ts'
import { check, maybe, type Observation, type Run } from '../../src/diagnosis/check.ts'
import { childRun, createRun, given } from '../../src/diagnosis/run.ts'

// A playbook about lamps: the engine knows nothing of images, and needs nothing but this.
export type LampKind = 'dark' | 'flickers' | 'hot'
export interface House {
  fuse(): Promise<'blown' | 'whole'>
  bulb(lamp: string): Promise<'broken' | 'whole'>
}

export class CannotLook extends Error {
  readonly code = 'door-locked'
}

const theHouse = given<House>('house')
const theLamp = given<string>('lamp')
const fuse = check({
  id: 'fuse',
  doing: 'Looking at the fuse',
  limit: 50,
  needs: { house: theHouse },
  gather: ({ house }) => house.fuse(),
})
const bulb = check({
  id: 'bulb',
  doing: 'Looking at the bulb',
  needs: { house: theHouse, lamp: theLamp },
  gather: ({ house, lamp }) => house.bulb(lamp),
})

const cause = causesOf<LampKind, Finding>()
export const noCurrent = cause({
  id: 'no-current',
  explains: ['dark'],
  needs: { bulb: maybe(bulb) },
  explain: ({ bulb }) => (bulb.known && bulb.value === 'broken' ? undefined : { confidence: 'likely' }),
})
const bulbBroken = cause({
  id: 'bulb-broken',
  explains: ['dark', 'flickers'],
  needs: { bulb },
  explain: ({ bulb }) => (bulb === 'broken' ? { confidence: 'proven' } : undefined),
  presume: { needs: {}, explain: () => ({ confidence: 'possible' }) },
})
const fuseBlown = cause({
  id: 'fuse-blown',
  explains: [noCurrent],
  needs: { fuse },
  explain: ({ fuse }) => (fuse === 'blown' ? { confidence: 'proven' } : undefined),
})
const overloaded = cause({
  id: 'overloaded',
  explains: [fuseBlown, 'hot'],
  needs: { fuse },
  explain: () => {
    throw new Error('a defect of this cause')
  },
})
export const lampCauses = [overloaded, fuseBlown, noCurrent, bulbBroken]

export interface Seen {
  readonly path: string
  readonly id: string
  readonly of: Observation<unknown>
}

export function houseRun(
  house: Partial<House>,
  signal?: AbortSignal,
  saved: ReadonlyMap<string, Observation<unknown>> = new Map(),
) {
  const seen: Seen[] = []
  const defects: string[] = []
  const run = createRun({
    signal: signal ?? new AbortController().signal,
    seen: (path, check, of) => void seen.push({ path, id: check.id, of }),
    defect: (where) => void defects.push(where.id),
    recall: (path, id) => saved.get(`${path}:${id}`),
  })
  theHouse.give(run, { fuse: async () => 'whole', bulb: async () => 'whole', ...house })
  return { run, seen, defects }
}

export function lampRun(house: Run, lamp: string): Run {
  const run = childRun(house, lamp)
  theLamp.give(run, lamp)
  return run
}

export { bulb, fuse }
