import { isDeepStrictEqual } from 'node:util'
import type { ApiRequest } from '../answers.ts'
import { isJsonObject, type JsonObject, jsonObject, jsonObjects } from '../store.ts'

interface Manager {
  readonly manager: string
  readonly apiVersion: string
  /** RFC 3339. */
  readonly time: string
}

/** Makes the managedFields of a new object. https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export function managedFields(object: JsonObject, by: Manager): readonly JsonObject[] {
  return [entry(by, fieldsOf(owned(object)))]
}

/** Updates managedFields after a change: the manager owns changed fields, and others no longer do. */
export function changedFields(before: JsonObject, after: JsonObject, by: Manager): readonly JsonObject[] {
  const known = jsonObjects(jsonObject(before.metadata).managedFields)
  const set = fieldsOf(owned(after), owned(before))
  if (Object.keys(set).length === 0) return known
  const others = known
    .filter(({ manager }) => manager !== by.manager)
    .map((it) => ({ ...it, fieldsV1: without(jsonObject(it.fieldsV1), set) }))
    .filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0)
  const own = known.find(({ manager }) => manager === by.manager)
  return [...others, entry(by, together(jsonObject(own?.fieldsV1), set))]
}

function entry({ manager, apiVersion, time }: Manager, fieldsV1: JsonObject): JsonObject {
  return { manager, operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1 }
}

/** Returns the fields that managers own: neither identity nor status. */
function owned({ metadata, status: _status, kind: _kind, apiVersion: _version, ...rest }: JsonObject): JsonObject {
  const { labels, annotations } = jsonObject(metadata)
  return {
    ...rest,
    metadata: { ...(isJsonObject(labels) && { labels }), ...(isJsonObject(annotations) && { annotations }) },
  }
}

/** Returns the paths of a value that differ from `before`, as FieldsV1. */
function fieldsOf(value: JsonObject, before: JsonObject = {}): JsonObject {
  const fields = Object.entries(value).flatMap(([key, of]): readonly (readonly [string, JsonObject])[] => {
    if (isDeepStrictEqual(of, before[key])) return []
    const below = fieldsBelow(key, of, before[key])
    return below ? (Object.keys(below).length > 0 ? [[`f:${key}`, below]] : []) : [[`f:${key}`, {}]]
  })
  return Object.fromEntries(fields)
}

/** Returns the paths below a field. undefined: the value is atomic. */
function fieldsBelow(key: string, value: unknown, before: unknown): JsonObject | undefined {
  if (isJsonObject(value)) return fieldsOf(value, jsonObject(before))
  const by = mergeKey(key)
  if (!by || !Array.isArray(value)) return undefined
  const items = jsonObjects(value).flatMap((item) => {
    const old = jsonObjects(before).find((it) => it[by] === item[by])
    const below = fieldsOf(item, old)
    return Object.keys(below).length > 0 ? [[`k:${JSON.stringify({ [by]: item[by] })}`, below]] : []
  })
  return Object.fromEntries(items)
}

function together(a: JsonObject, b: JsonObject): JsonObject {
  const joined = Object.entries(b).map(([key, of]) => [key, together(jsonObject(a[key]), jsonObject(of))])
  return { ...a, ...Object.fromEntries(joined) }
}

function without(a: JsonObject, b: JsonObject): JsonObject {
  const kept = Object.entries(a).flatMap(([key, of]) => {
    const taken = b[key]
    if (!isJsonObject(taken)) return [[key, of]]
    const rest = without(jsonObject(of), taken)
    return Object.keys(rest).length > 0 ? [[key, rest]] : []
  })
  return Object.fromEntries(kept)
}

/** Returns the manager of a request: its `fieldManager`, or its user agent's name. */
export function managerOfRequest({ headers }: ApiRequest, query: URLSearchParams): string {
  return query.get('fieldManager') || (headers['user-agent'] ?? '').split('/')[0] || 'unknown'
}

/** Lists of a pod that are merged by a key, not replaced: the patchMergeKey of k8s.io/api. */
const keys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  imagePullSecrets: 'name',
  ports: 'containerPort',
  conditions: 'type',
  ownerReferences: 'uid',
}

/** Returns the merge key of a list field. undefined: the list is atomic. */
export function mergeKey(field: string): string | undefined {
  return keys[field]
}
