import type { HttpPost } from './http-post.ts'

export interface PostOutcome {
  readonly status: number
  /** Parsed where it is JSON; undefined: empty. */
  readonly body: unknown
  /** The app took it, or wants it no more. */
  readonly isFinal: boolean
}

/** Rejects where no answer comes. https://docs.slack.dev/apis/events-api/#turning_off_retries */
export async function sendPost(url: string, { headers, body }: HttpPost, signal: AbortSignal): Promise<PostOutcome> {
  const response = await fetch(url, { method: 'POST', headers, body, signal })
  const isFinal = response.ok || response.headers.get('x-slack-no-retry') === '1'
  return { status: response.status, body: parsed(await response.text()), isFinal }
}

function parsed(body: string): unknown {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
