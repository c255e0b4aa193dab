import type { Incident } from '../../incidents/incident.ts'
import type { Store } from '../../store/store.ts'
import type { Message, SlackApi } from '../api.ts'
import type { ThreadProblem } from '../channel-cache.ts'
import { replies } from '../replies.ts'
import { type Request, requestRecords } from './answer.ts'

/** Milliseconds for one request. */
const timeout = 5_000

/** The origins that may get an answer: Slack's own over verified TLS, and the configured address of its API. */
export function responseOrigins(apiUrl: string | undefined): ReadonlySet<string> {
  return new Set(['https://hooks.slack.com', ...(apiUrl ? [new URL(apiUrl).origin] : [])])
}

/**
 * Shows a message only to the person who asked: at the request's response URL, or else as an ephemeral post. False: neither
 * worked. https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
 */
export async function respond(
  slack: SlackApi,
  origins: ReadonlySet<string>,
  { responseUrl, channel, thread, user }: Pick<Request, 'responseUrl' | 'channel' | 'thread' | 'user'>,
  message: Message,
): Promise<boolean> {
  if (responseUrl && origins.has(URL.parse(responseUrl)?.origin ?? '') && (await send(responseUrl, message)))
    return true
  const place = { channel, ...(thread && { thread }) }
  return (await slack.ephemeral(place, user, message)).outcome === 'done'
}

async function send(url: string, { text, blocks }: Message): Promise<boolean> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text, blocks }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false // the URL has expired, or Slack cannot be reached: the ephemeral post is tried
  }
}

/** Tells everybody who asked for an incident, and whose request is still kept, why its thread cannot be posted. */
export async function notifyAskers(
  store: Store,
  answer: (request: Request, message: Message) => Promise<unknown>,
  { id, askers }: Pick<Incident, 'id' | 'askers'>,
  problem: ThreadProblem,
): Promise<void> {
  const requests = requestRecords(store)
  for (const { request } of askers) {
    const known = await requests.find(request)
    if (known) await answer(known, problemReply(problem, id))
  }
}

function problemReply(problem: ThreadProblem, incident: string): Message {
  if (problem === 'not_in_channel' || problem === 'channel_not_found') return replies.notMember(incident)
  if (problem === 'is_archived') return replies.archived()
  return problem === 'shared' ? replies.sharedChannel() : replies.cannotPost(problem)
}
