/** An object just as the API server has it: with every field, those that this program knows nothing of, too. */
export interface RawObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: RawMetadata
  readonly [field: string]: unknown
}

export interface RawMetadata {
  readonly name: string
  readonly namespace?: string
  readonly uid: string
  readonly resourceVersion: string
  readonly [field: string]: unknown
}

/** An object that is to be made: without what only the API server writes. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly [field: string]: unknown }
  readonly [field: string]: unknown
}
