import { z } from 'zod'
import type { Permission } from './cluster.ts'
import { ClusterError } from './errors.ts'
import type { ApiServer } from './transport/http.ts'

const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
/** Bytes. */
const limit = 64 * 1024
const review = z.object({ status: z.object({ allowed: z.boolean() }) })

/** Asks the API server itself, so that every rule of it counts. Nothing is created: a review is only answered. */
export async function may(server: ApiServer, permission: Permission, signal?: AbortSignal): Promise<boolean> {
  const { verb, resource: named, group = '', namespace } = permission
  const [resource, subresource] = named.split('/')
  const attributes = { verb, group, resource, ...(subresource && { subresource }), ...(namespace && { namespace }) }
  const content = JSON.stringify({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: attributes },
  })
  const asked = `may ${verb} ${named}${namespace ? ` in ${namespace}` : ''}`
  const question = {
    method: 'POST',
    path,
    body: { type: 'application/json', content },
    asked,
    limitBytes: limit,
    repeatable: true,
  } as const
  const { body } = await server.ask(question, [200, 201], signal)
  const answer = review.safeParse(parsed(body))
  if (answer.success) return answer.data.status.allowed
  throw new ClusterError('invalid-answer', asked, `the API server's answer is not understood (${asked})`)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
