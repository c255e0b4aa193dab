import type { ResourceName } from '../../../kubernetes/resources.ts'
import type { ApiAnswer } from './api-request.ts'
import type { InvalidField } from './invalid-fields.ts'
import { groupOf } from './resource-names.ts'
import { statusAnswer } from './status-answer.ts'
import type { StoredObject } from './stored-objects.ts'

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
