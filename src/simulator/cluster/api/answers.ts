import type { ResourceName } from '../../../kubernetes/resources.ts'
import { type ApiAddress, selectorPairs } from './address.ts'
import { groupOf, groupResource } from './resource-names.ts'
import { type ApiAnswer, statusAnswer } from './status.ts'
import type { StoredObject } from './store.ts'
import type { InvalidField } from './writes/validation.ts'

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

/** In the words of Kubernetes 1.36.3, which takes a selected name for the name of what is asked. */
export function forbiddenAnswer({ verb, resource, namespace, name, subresource, query }: ApiAddress): ApiAnswer {
  const fields = selectorPairs(query.get('fieldSelector'))
  const selected = fields.find(([field]) => field === 'metadata.name')?.[1]
  const subject = name || selected ? `${groupResource(resource)} "${name || selected}"` : groupResource(resource)
  const what = `resource "${resource}${subresource && `/${subresource}`}" in API group "${groupOf(resource)}"`
  const place = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  const user = 'system:serviceaccount:imagepull:imagepull'
  const message = `${subject} is forbidden: User "${user}" cannot ${verb} ${what} ${place}`
  return statusAnswer(403, message, name ? { name } : {})
}

/** `Job.batch "x" is invalid: spec.template: Invalid value: …: field is immutable`. undefined: all is valid. */
export function invalidAnswer(
  resource: ResourceName,
  { kind, metadata: { name } }: StoredObject,
  fields: readonly InvalidField[],
): ApiAnswer | undefined {
  if (fields.length === 0) return undefined
  const group = groupOf(resource)
  const said = fields.map(({ field, message }) => `${field}: ${message}`)
  const what = said.length > 1 ? `[${said.join(', ')}]` : said.join('')
  const causes = fields.map(({ field, message }) => ({ reason: reasonOf(message), message, field }))
  return statusAnswer(422, `${[kind, group].filter(Boolean).join('.')} "${name}" is invalid: ${what}`, {
    name,
    group,
    kind,
    causes,
  })
}

/** metav1.CauseType. */
function reasonOf(message: string): string {
  if (message.startsWith('Required')) return 'FieldValueRequired'
  return message.startsWith('Forbidden') ? 'FieldValueForbidden' : 'FieldValueInvalid'
}

export function notFoundAnswer(resource: ResourceName, name: string): ApiAnswer {
  const message = `${groupResource(resource)} "${name}" not found`
  return statusAnswer(404, message, { name, group: groupOf(resource), kind: resource })
}
