import type { ResourceName } from '../../../kubernetes/resources.ts'
import type { ApiAnswer } from './api-request.ts'
import { groupOf, groupResource } from './resource-names.ts'
import { statusAnswer } from './status-answer.ts'

export function notFoundAnswer(resource: ResourceName, name: string): ApiAnswer {
  const message = `${groupResource(resource)} "${name}" not found`
  return statusAnswer(404, message, { name, group: groupOf(resource), kind: resource })
}
