/** Nobody looked, because the person who asked did not want it. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed'
  readonly code = 'not-allowed'
}
