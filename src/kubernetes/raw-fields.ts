type Fields = Readonly<Record<string, unknown>>

/** Reads what was not parsed: an object's fields, none where it is no object; a list's members, none where it is no list. */
export const rawFields = {
  of: (value: unknown): Fields => (isObject(value) ? value : {}),
  list: (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(rawFields.of) : []),
  /** `rawFields.at(job, 'spec', 'template')` */
  at: (value: unknown, ...path: readonly string[]): unknown =>
    path.reduce<unknown>((of, key) => rawFields.of(of)[key], value),
  text: (value: unknown): string => (typeof value === 'string' ? value : ''),
} as const

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
