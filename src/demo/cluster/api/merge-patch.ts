import { isJsonObject, type JsonObject, jsonObject, jsonObjects } from './json-object.ts'
import { mergeKey } from './merge-key.ts'

/** RFC 7396. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  return merged(target, patch, (_key, _before, value) => value)
}

/**
 * Kubernetes' own: lists with a key are merged item by item.
 * https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
 */
export function strategicMergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  if (patch.$patch === 'replace') return withoutDirectives(patch)
  return merged(target, withoutDirectives(patch), mergedList)
}

type MergeList = (key: string, before: unknown, value: readonly unknown[]) => unknown

function merged(target: JsonObject, patch: JsonObject, mergeList: MergeList): JsonObject {
  const result: Record<string, unknown> = { ...target }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else if (isJsonObject(value)) result[key] = mergedObject(jsonObject(target[key]), value, mergeList)
    else result[key] = Array.isArray(value) ? mergeList(key, target[key], value) : value
  }
  return result
}

function mergedObject(target: JsonObject, patch: JsonObject, mergeList: MergeList): JsonObject {
  return mergeList === mergedList ? strategicMergePatch(target, patch) : merged(target, patch, mergeList)
}

function mergedList(key: string, before: unknown, value: readonly unknown[]): unknown {
  const by = mergeKey(key)
  if (!by) return value
  const result = [...jsonObjects(before)]
  for (const item of jsonObjects(value)) {
    const at = result.findIndex((it) => it[by] === item[by])
    if (item.$patch === 'delete') result.splice(at, at < 0 ? 0 : 1)
    else if (at < 0) result.push(withoutDirectives(item))
    else result[at] = strategicMergePatch(jsonObject(result[at]), item)
  }
  return result
}

/** Directives such as `$setElementOrder/containers`, which kubectl sends along. */
function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')))
}
