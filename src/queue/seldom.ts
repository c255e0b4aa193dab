/** Milliseconds. A connection that is away fails every second, and several times at once. */
const silence = 10_000
/** Different errors that are remembered. */
const most = 100

/** Tells an error only when the same was not told a moment ago. */
export function seldom(tell: (error: unknown) => void, now: () => number = Date.now): (error: unknown) => void {
  const told = new Map<string, number>()
  return (error) => {
    const says = String(error)
    if (now() - (told.get(says) ?? Number.NEGATIVE_INFINITY) < silence) return
    if (told.size >= most) told.clear()
    told.set(says, now())
    tell(error)
  }
}
