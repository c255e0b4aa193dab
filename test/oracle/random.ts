/** Random choices that a seed repeats. */
export interface Random {
  /** 0 ≤ x < 1 */
  fraction(): number
  chance(probability: number): boolean
  /** 0 ≤ x < `below`, a whole number. */
  number(below: number): number
  one<T>(of: readonly T[]): T
}

/** The generator Mulberry32: 32 bits of state, good enough to choose cases. */
export function random(seed: number): Random {
  let state = seed >>> 0
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    fraction,
    chance: (probability) => fraction() < probability,
    number: (below) => Math.floor(fraction() * below),
    one<T>(of: readonly T[]): T {
      return of[Math.floor(fraction() * of.length)] as T // the lists are not empty
    },
  }
}
