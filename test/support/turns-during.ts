/** Runs `work`, and counts how often the event loop gave other work its turn meanwhile. */
export async function turnsDuring<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly turns: number }> {
  let turns = 0
  let next: NodeJS.Immediate
  const count = (): void => {
    turns += 1
    next = setImmediate(count)
  }
  next = setImmediate(count)
  try {
    return { value: await work(), turns }
  } finally {
    clearImmediate(next)
  }
}
