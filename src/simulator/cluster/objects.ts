import { createHash } from 'node:crypto'
import { type Resource, type ResourceName, resources } from '../../kubernetes/resources.ts'
import { type Clock, timestamp } from '../clock.ts'
import { apiVersionOf, resourceOfKind } from './api/address.ts'
import type { ApiServerOptions, Change, ObjectStore, StoredObject } from './api/store.ts'

const read = new WeakMap<StoredObject, unknown>()

/** Returns the objects of a kind as src/kubernetes parses them. Skips invalid ones. */
export function typedObjects<Name extends ResourceName>(
  store: ObjectStore,
  resource: Name,
  namespace?: string,
): readonly Resource<Name>[] {
  return store.list(resource, namespace).flatMap((object) => typedObject(resource, object) ?? [])
}

/** Parses an object. undefined: it does not match the schema of its kind. */
export function typedObject<Name extends ResourceName>(
  resource: Name,
  object: StoredObject,
): Resource<Name> | undefined {
  if (!read.has(object)) read.set(object, resources[resource].schema.safeParse(object).data)
  return read.get(object) as Resource<Name> | undefined // objects are never changed in place
}

/** Runs the work now, and once after every burst of relevant changes. Returns the function that stops it. */
export function onChanges(store: ObjectStore, matters: (change: Change) => boolean, work: () => void): () => void {
  let scheduled: NodeJS.Immediate | undefined

  function schedule(): void {
    scheduled ??= setImmediate(() => {
      scheduled = undefined
      work()
    })
  }

  const unwatch = store.watch((change) => {
    if (matters(change)) schedule()
  })
  schedule()
  return () => {
    unwatch()
    clearImmediate(scheduled)
  }
}

export interface EventSubject {
  readonly kind: string
  readonly metadata: {
    readonly namespace?: string | undefined
    readonly name: string
    readonly uid?: string | undefined
  }
}

export interface Said {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  /** The component that reports it: `kubelet`. */
  readonly component: string
  /** The node of a kubelet. */
  readonly host?: string
  /** `spec.containers{main}`. */
  readonly fieldPath?: string
}

/** Milliseconds: the server's default for --event-ttl. */
const life = 3_600_000

/** Records an event, or increases its count: client-go/tools/record. */
export function recordEvent({ store, clock }: Live, subject: EventSubject, said: Said): void {
  const { namespace = 'default', name, uid = '' } = subject.metadata
  const { type, reason, message, component, host = '', fieldPath = '' } = said
  const key = createHash('sha256')
    .update(JSON.stringify([uid, said]))
    .digest('hex')
    .slice(0, 16)
  const place = { namespace, name: `${name}.${key}` }
  const now = timestamp(clock.now())
  const before = store.get('events', place)
  const lives = before && Date.parse(String(before.lastTimestamp)) + life > clock.now() ? before : undefined
  const resource = resourceOfKind(subject.kind)
  store.put('events', {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { ...place, uid: key, labels: {}, creationTimestamp: lives?.metadata.creationTimestamp ?? now },
    involvedObject: {
      kind: subject.kind,
      namespace,
      name,
      uid,
      apiVersion: resource ? apiVersionOf(resource) : '',
      ...(fieldPath && { fieldPath }),
    },
    type,
    reason,
    message,
    count: Number(lives?.count ?? 0) + 1,
    firstTimestamp: lives?.firstTimestamp ?? now,
    lastTimestamp: now,
    source: { component, ...(host && { host }) },
    reportingComponent: component,
    reportingInstance: host,
  })
}

/** The context of controllers and kubelets. */
export interface Live {
  readonly store: ObjectStore
  readonly clock: Clock
  readonly options: ApiServerOptions
}
