import { referenceOf } from '../playbooks/image-pull/reference-of.ts'
import type { ActionFacts } from './action-facts.ts'
import type { ImageQuestion } from './steps/image-appears.ts'

/** How to ask the registry for an image. undefined: it is no name that could be asked for. */
export function imageQuestion(image: string, service: ActionFacts['service']): ImageQuestion | undefined {
  const reference = referenceOf(image)
  if (!reference) return undefined
  const { host, repository, tag, digest } = reference
  const own = service.known ? service.value?.own : undefined
  return { image, host, repository, reference: digest ?? tag ?? 'latest', ...(own && { service: own }) }
}
