/** RFC 6901, of steps below a pointer. */
export function jsonPointer(at: string, steps: readonly PropertyKey[]): string {
  return steps.reduce<string>(
    (pointer, step) => `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    at,
  )
}
