/** Thrown by a handler: the job comes back after `ms` milliseconds, as if this had been no attempt. */
export class Later extends Error {
  override readonly name = 'Later'
  readonly ms: number

  constructor(ms: number) {
    super(`in ${ms} ms`)
    this.ms = ms
  }
}
