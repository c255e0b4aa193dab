/**
 * What a question brought: an answer, or the reason why nobody could look. "Unknown" is never "not there".
 *
 * `reason` is for people. `code` is for logic: `no-answer` where the check's own time limit passed, else the `code` of the
 * error that the check threw. It is absent where nobody asked.
 */
export type Observation<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string; readonly code?: string }
