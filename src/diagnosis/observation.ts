/** What a question brought: an answer, or the reason why nobody could look. "Unknown" is never "not there". */
export type Observation<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string }
