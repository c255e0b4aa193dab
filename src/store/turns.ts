/** Ends the turn. */
export type EndTurn = () => void

/** One at a time, in the order asked. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  async take(): Promise<EndTurn> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    return resolve
  }
}
