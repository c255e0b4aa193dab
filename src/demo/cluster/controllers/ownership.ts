import type { ResourceName } from '../../../kubernetes/resources.ts'
import { apiVersionOf } from '../api/resource-names.ts'

interface Owned {
  readonly metadata: { readonly ownerReferences: readonly { readonly uid: string; readonly controller: boolean }[] }
}

/** Whether that controller made it. */
export function isControlledBy({ metadata }: Owned, uid: string): boolean {
  return metadata.ownerReferences.some((it) => it.controller && it.uid === uid)
}

/** For what a controller makes. */
export function controllerReference(
  resource: ResourceName,
  kind: string,
  { name, uid }: { readonly name: string; readonly uid: string },
): object {
  return { apiVersion: apiVersionOf(resource), kind, name, uid, controller: true, blockOwnerDeletion: true }
}
