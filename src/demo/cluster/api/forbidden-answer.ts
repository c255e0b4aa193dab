import type { ApiAddress } from './api-address.ts'
import type { ApiAnswer } from './api-request.ts'
import { groupOf, groupResource } from './resource-names.ts'
import { selectorPairs } from './selector-pairs.ts'
import { statusAnswer } from './status-answer.ts'

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
