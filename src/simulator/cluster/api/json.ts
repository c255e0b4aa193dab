/** Any JSON object: manifests have more fields than anything here knows. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value where it is an object; else an empty one. */
export function jsonObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}

/** The objects of a list; none where it is no list. */
export function jsonObjects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}
