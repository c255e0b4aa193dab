import { type ResourceName, resources } from '../../../kubernetes/resources.ts'
import type { StoredObject } from '../api/store.ts'
import { admitObject } from '../api/writes/create.ts'
import { endPod } from '../api/writes/delete.ts'
import type { Live } from '../objects.ts'

interface Placed {
  readonly resource: ResourceName
  readonly object: StoredObject
}

/** Removes objects without a living owner, and then owners that waited for them (`foregroundDeletion`). */
export function garbageCollector(live: Live): undefined {
  const all = (Object.keys(resources) as ResourceName[]) // its own keys
    .filter((resource) => resource !== 'events')
    .flatMap((resource) => live.store.list(resource).map((object): Placed => ({ resource, object })))
  const waiting = new Set(all.filter(({ object }) => isWaiting(object)).map(({ object }) => object.metadata.uid))
  const alive = new Set(all.map(({ object }) => object.metadata.uid))
  const owners = ({ object }: Placed) => object.metadata.ownerReferences?.map(({ uid }) => uid) ?? []
  for (const placed of all) {
    const of = owners(placed)
    if (of.length > 0 && of.every((uid) => !alive.has(uid) || waiting.has(uid))) remove(live, placed)
  }
  const owning = new Set(
    all.filter(({ object, resource }) => live.store.get(resource, object.metadata)).flatMap(owners),
  )
  for (const { resource, object } of all)
    if (isWaiting(object) && !owning.has(object.metadata.uid)) live.store.remove(resource, object.metadata)
}

function isWaiting({ metadata }: StoredObject): boolean {
  return Array.isArray(metadata.finalizers) && metadata.finalizers.includes('foregroundDeletion')
}

function remove(live: Live, { resource, object }: Placed): void {
  if (resource === 'pods') endPod(live, object)
  else live.store.remove(resource, object.metadata)
}

/** Creates the ServiceAccount `default` in every namespace. */
export function serviceAccounts(live: Live): undefined {
  for (const { metadata } of live.store.list('namespaces')) {
    const place = { namespace: metadata.name, name: 'default' }
    if (live.store.get('serviceaccounts', place)) continue
    const manifest = { kind: 'ServiceAccount', metadata: { name: 'default' } }
    const by = { namespace: metadata.name, manager: 'kube-controller-manager' }
    live.store.put('serviceaccounts', admitObject(live, 'serviceaccounts', manifest, by))
  }
}
