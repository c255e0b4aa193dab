import type { ResourceName } from '../../../kubernetes/resources.ts'
import type { ApiAnswer } from './api-request.ts'
import { groupOf, groupResource } from './resource-names.ts'
import { statusAnswer } from './status-answer.ts'
import type { StoredObject } from './stored-objects.ts'

interface Expected {
  readonly uid: unknown
  readonly resourceVersion: unknown
}

/** The object is not the one that the caller means. undefined: it is, or the caller does not say. */
export function conflictAnswer(
  resource: ResourceName,
  { metadata }: StoredObject,
  { uid, resourceVersion }: Expected,
  when: 'change' | 'delete',
): ApiAnswer | undefined {
  const why =
    (uid !== undefined && uid !== metadata.uid && precondition('UID', uid, metadata.uid)) ||
    (resourceVersion !== undefined &&
      resourceVersion !== metadata.resourceVersion &&
      (when === 'change' ? modified : precondition('ResourceVersion', resourceVersion, metadata.resourceVersion)))
  if (!why) return undefined
  const { name } = metadata
  const details = { name, group: groupOf(resource), kind: resource }
  return statusAnswer(409, `Operation cannot be fulfilled on ${groupResource(resource)} "${name}": ${why}`, details)
}

const modified = 'the object has been modified; please apply your changes to the latest version and try again'

function precondition(of: string, wanted: unknown, is: unknown): string {
  return `Precondition failed: ${of} in precondition: ${wanted}, ${of} in object meta: ${is}`
}
