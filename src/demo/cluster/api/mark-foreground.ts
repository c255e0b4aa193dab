import type { ResourceName } from '../../../kubernetes/resources.ts'
import { timestamp } from '../../clock.ts'
import type { ApiContext } from './api-context.ts'
import type { StoredObject } from './stored-objects.ts'

/** It stays, marked, until the garbage collector has removed what it owns. */
export function markForeground(
  { store, clock }: ApiContext,
  resource: ResourceName,
  object: StoredObject,
): StoredObject {
  return store.put(resource, {
    ...object,
    metadata: {
      ...object.metadata,
      deletionTimestamp: timestamp(clock.now()),
      finalizers: ['foregroundDeletion'],
    },
  })
}
