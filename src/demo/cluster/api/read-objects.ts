import type { ResourceName } from '../../../kubernetes/resources.ts'
import type { ApiAddress } from './api-address.ts'
import type { ApiContext } from './api-context.ts'
import type { ApiAnswer } from './api-request.ts'
import { jsonAnswer } from './json-answer.ts'
import { notFoundAnswer } from './not-found-answer.ts'
import { apiVersionOf } from './resource-names.ts'
import { fieldOf, refusedField } from './selector-fields.ts'
import { selectorPairs } from './selector-pairs.ts'
import { statusAnswer } from './status-answer.ts'
import type { StoredObject } from './stored-objects.ts'

export function getObject({ store }: ApiContext, { resource, namespace, name }: ApiAddress): ApiAnswer {
  const object = store.get(resource, { namespace, name })
  return object ? jsonAnswer(200, withVersion(resource, object)) : notFoundAnswer(resource, name)
}

/** One page of a list, as `limit` and `continue` say. */
export function listObjects(context: ApiContext, { resource, namespace, query }: ApiAddress): ApiAnswer {
  const { store } = context
  const labels = selectorPairs(query.get('labelSelector'))
  const fields = selectorPairs(query.get('fieldSelector'))
  const refused = fields.map(([field]) => refusedField(resource, field)).find((it) => it !== undefined)
  if (refused) return statusAnswer(400, refused)
  if (resource === 'events') forgetOldEvents(context)
  const found = store
    .list(resource, namespace)
    .filter(
      (it) =>
        labels.every(([key, value]) => it.metadata.labels[key] === value) &&
        fields.every(([field, value]) => fieldOf(it, field) === value),
    )
  const from = Number(query.get('continue') ?? 0)
  const to = from + Number(query.get('limit') ?? found.length)
  // With a selector the real one does not say how many more there are.
  const counted = labels.length + fields.length === 0 ? { remainingItemCount: found.length - to } : {}
  const rest = to < found.length ? { continue: String(to), ...counted } : {}
  const metadata = { resourceVersion: store.version, ...rest }
  const items = found.slice(from, to).map((it) => withVersion(resource, it))
  return jsonAnswer(200, { kind: 'List', apiVersion: 'v1', metadata, items })
}

function withVersion(resource: ResourceName, object: StoredObject): StoredObject {
  return { apiVersion: apiVersionOf(resource), ...object }
}

/** The server's --event-ttl: counted from the last time that an event was seen. */
function forgetOldEvents({ store, clock, options: { eventsLast } }: ApiContext): void {
  if (eventsLast === undefined) return
  for (const event of store.list('events')) {
    const last = Date.parse(String(event.lastTimestamp))
    if (last + eventsLast < clock.now()) store.remove('events', event.metadata)
  }
}
