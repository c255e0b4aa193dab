import { z } from 'zod'
import { apiBody } from './api-body.ts'
import type { ApiAnswer, ApiRequest } from './api-request.ts'
import { jsonAnswer } from './json-answer.ts'
import { type Rule, ruleApplies } from './rule.ts'
import { statusAnswer } from './status-answer.ts'

const reviewSchema = z.looseObject({
  spec: z.looseObject({
    resourceAttributes: z.object({
      verb: z.string(),
      resource: z.string(),
      subresource: z.string().default(''),
      namespace: z.string().default(''),
    }),
  }),
})

/** A SelfSubjectAccessReview: whether the caller may do it. What is not forbidden is allowed here. */
export function reviewAccess(forbid: readonly Rule[], request: ApiRequest): ApiAnswer {
  const body = apiBody(request)
  if ('refused' in body) return body.refused
  const review = reviewSchema.safeParse(body.given)
  if (!review.success) return statusAnswer(400, `a SelfSubjectAccessReview needs resourceAttributes`)
  const { verb, resource, subresource, namespace } = review.data.spec.resourceAttributes
  const attempt = { verb, namespace, resource: [resource, subresource].filter(Boolean).join('/') }
  const allowed = !forbid.some((rule) => ruleApplies(rule, attempt))
  const { metadata: _, ...given } = review.data
  return jsonAnswer(201, { ...given, metadata: {}, status: { allowed } })
}
