import { once } from 'node:events'
import { type ResourceName, resources } from '../../../kubernetes/resources.ts'
import type { ApiAddress } from './address.ts'
import { type ApiAnswer, type ApiRequest, statusAnswer } from './answers.ts'
import { selection, withVersion } from './read.ts'
import { type ApiContext, type ObjectStore, objectKey, type StoredObject } from './store.ts'

/** A change, with the object as it was before. */
interface Recorded {
  readonly version: number
  readonly resource: ResourceName
  readonly before: StoredObject | undefined
  readonly after: StoredObject | undefined
}

/** Changes that are remembered: who asks for older ones gets 410, as from etcd after a compaction. */
const remembered = 1_000

export type WatchObjects = (context: ApiContext, address: ApiAddress, request: ApiRequest) => ApiAnswer

/** Answers watches: the changes after a version, of the selected objects. Each watch ends after its `timeoutSeconds`. */
export function createWatches(store: ObjectStore): WatchObjects {
  const first = Number(store.version)
  const known = new Map<string, StoredObject>()
  const changes: Recorded[] = []
  const listeners = new Set<() => void>()
  for (const resource of Object.keys(resources) as ResourceName[]) // the keys of that table
    for (const object of store.list(resource)) known.set(keyOf(resource, object), object)

  store.watch(({ resource, object, kind }) => {
    const key = keyOf(resource, object)
    const before = known.get(key)
    const after = kind === 'put' ? object : undefined
    if (after) known.set(key, after)
    else known.delete(key)
    changes.push({ version: Number(store.version), resource, before, after })
    if (changes.length > remembered) changes.shift()
    for (const listener of listeners) listener()
  })

  async function* linesFrom(from: number, { resource, namespace, query }: ApiAddress, signal: AbortSignal) {
    const { fits } = selection(resource, query)
    const isIn = (it: StoredObject | undefined): boolean =>
      it !== undefined && (namespace === '' || it.metadata.namespace === namespace) && fits(it)
    let next = from
    while (!signal.aborted) {
      const news = changes.filter(({ version }) => version > next)
      for (const { version, before, after, ...of } of news) {
        next = version
        const type = typeOf(isIn(before), isIn(after))
        const object = after ?? before
        if (of.resource === resource && type && object) yield eventLine(type, resource, withVersionOf(object, version))
      }
      if (news.length === 0) await nextChange(signal)
    }
    yield bookmarkLine(resource, String(next))
  }

  async function nextChange(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    listeners.add(resolve)
    await Promise.race([promise, signal.aborted || once(signal, 'abort')])
    listeners.delete(resolve)
  }

  return (_context, address, request) => {
    const { resource, query } = address
    const refused = selection(resource, query).refused
    if (refused) return statusAnswer(400, refused)
    const from = Number(query.get('resourceVersion') ?? store.version)
    const oldest = changes.length < remembered ? first : (changes[0]?.version ?? first) - 1
    const answer = { status: 200, headers: { 'content-type': 'application/json' }, body: '' }
    if (from < oldest) return { ...answer, lines: expired(from, oldest) }
    const end = AbortSignal.timeout(Number(query.get('timeoutSeconds') ?? 300) * 1_000)
    const signal = request.signal ? AbortSignal.any([request.signal, end]) : end
    return { ...answer, lines: linesFrom(from, address, signal) }
  }
}

function keyOf(resource: ResourceName, { metadata }: StoredObject): string {
  return `${resource} ${objectKey(metadata)}`
}

/** A selected object that is not selected any more is told as deleted, and one that is now as added. */
function typeOf(before: boolean, after: boolean): string | undefined {
  if (before) return after ? 'MODIFIED' : 'DELETED'
  return after ? 'ADDED' : undefined
}

function withVersionOf(object: StoredObject, version: number): StoredObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } }
}

function eventLine(type: string, resource: ResourceName, object: StoredObject): string {
  return JSON.stringify({ type, object: withVersion(resource, object) })
}

function bookmarkLine(resource: ResourceName, resourceVersion: string): string {
  return JSON.stringify({ type: 'BOOKMARK', object: { kind: resource, metadata: { resourceVersion } } })
}

async function* expired(from: number, oldest: number): AsyncGenerator<string> {
  const message = `too old resource version: ${from} (${oldest})`
  const object = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Expired',
    code: 410,
  }
  yield JSON.stringify({ type: 'ERROR', object })
}
