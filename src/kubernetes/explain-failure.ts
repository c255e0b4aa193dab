import { z } from 'zod'
import { redact } from '../secret.ts'
import { ClusterError, type ClusterErrorCode } from './cluster-error.ts'

const statusSchema = z.object({
  message: z.string().default(''),
  details: z.object({ name: z.string().optional() }).optional(),
})

/** The API server's own `Status` object; undefined where the body is something else. */
export function statusOf(body: string): z.infer<typeof statusSchema> | undefined {
  try {
    return statusSchema.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}

const codes: Readonly<Record<number, ClusterErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-served',
  429: 'overloaded',
  503: 'overloaded',
  504: 'timeout',
}

export function errorOfStatus(
  { status, body }: { readonly status: number; readonly body: string },
  asked: string,
): ClusterError {
  const code = codes[status] ?? (status >= 500 ? 'server-error' : 'invalid-answer')
  return new ClusterError(
    code,
    asked,
    `${opening[code] ?? 'the API server could not answer'} (${asked}): ${status} ${reason(body)}`,
  )
}

const opening: Partial<Record<ClusterErrorCode, string>> = {
  unauthorized: 'the API server does not accept the credentials',
  forbidden: 'not allowed',
  'not-served': 'the API server does not know this',
  overloaded: 'the API server is overloaded',
}

function reason(body: string): string {
  return redact(statusOf(body)?.message || body.slice(0, 200))
}

/** For what never became an answer. Node's own codes tell what happened; its messages are kept for a person. */
export function unreachable(
  error: unknown,
  asked: string,
  server: string,
  signal: AbortSignal | undefined,
): ClusterError {
  if (signal?.aborted) return new ClusterError('aborted', asked, `no answer in time (${asked})`, { cause: error })
  const words = error instanceof Error ? error.message || error.name : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/TIMEOUT|TIMEDOUT/.test(code))
    return new ClusterError('timeout', asked, `the API server ${server} does not answer (${asked})`, { cause: error })
  return new ClusterError(
    'unreachable',
    asked,
    `the API server ${server} cannot be reached (${asked}): ${redact(words)}`,
    { cause: error },
  )
}
