import { setImmediate as nextRound } from 'node:timers/promises'
import { background } from './background.ts'

/** Ends the turn. */
export type EndTurn = () => void

interface Waiting {
  readonly since: number
  readonly begin: () => void
}

/**
 * Milliseconds. `patience`: whoever waited so long in the background goes first. `breath`: so long one turn may follow
 * another at once; what never waits for the system would keep the process from hearing anything.
 */
const limits = { patience: 250, breath: 5 } as const

/** One at a time: what somebody waits for before what is done in the background, each in the order asked. */
export class Turns {
  readonly #first: Waiting[] = []
  readonly #later: Waiting[] = []
  #taken = false
  #heard = 0

  async take(): Promise<EndTurn> {
    if (this.#taken) await this.#wait(background.isHere() ? this.#later : this.#first)
    this.#taken = true
    if (performance.now() - this.#heard > limits.breath) {
      await nextRound()
      this.#heard = performance.now()
    }
    let ended = false
    return () => {
      if (!ended) this.#pass()
      ended = true
    }
  }

  #wait(among: Waiting[]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    among.push({ since: performance.now(), begin: resolve })
    return promise
  }

  #pass(): void {
    const [later] = this.#later
    const isLate = later !== undefined && performance.now() - later.since > limits.patience
    const next = isLate ? this.#later.shift() : (this.#first.shift() ?? this.#later.shift())
    this.#taken = next !== undefined
    next?.begin()
  }
}
