import { AsyncLocalStorage } from 'node:async_hooks'

const working = new AsyncLocalStorage<true>()

/** Work that nobody waits for at this moment: where there is one thing for all, others go first. */
export const background = {
  /** Everything that it leads to is background, too. */
  run: <T>(work: () => T): T => working.run(true, work),
  isHere: (): boolean => working.getStore() === true,
} as const
