import type { Incident } from '../../incidents/incident.ts'
import type { Store } from '../../store/store.ts'
import type { Message, SlackApi } from '../api.ts'
import type { ThreadProblem } from '../channel-cache.ts'
import { replies } from '../replies.ts'
import { requestRecords } from './record.ts'

/** Milliseconds for one request. */
const timeout = 5_000

/** The person who asked, and where. */
export interface Recipient {
  readonly channel: string
  readonly user: string
  readonly thread?: string | undefined
  readonly responseUrl?: string | undefined
}

/**
 * Shows a message only to the person who asked: at the request's response URL, or else as an ephemeral post. False: neither
 * worked. https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
 */
export type Respond = (to: Recipient, message: Message) => Promise<boolean>

/**
 * Makes the function that answers people. A response URL is used only if it belongs to Slack, over verified TLS, or to the
 * configured address of its API.
 */
export function createRespond(slack: Pick<SlackApi, 'ephemeral'>, apiUrl: string | undefined): Respond {
  const origins = new Set(['https://hooks.slack.com', ...(apiUrl ? [new URL(apiUrl).origin] : [])])
  return async ({ responseUrl, channel, thread, user }, message) => {
    if (responseUrl && origins.has(URL.parse(responseUrl)?.origin ?? '') && (await send(responseUrl, message)))
      return true
    const place = { channel, ...(thread && { thread }) }
    return (await slack.ephemeral(place, user, message)).outcome === 'done'
  }
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
  respond: Respond,
  { id, askers }: Pick<Incident, 'id' | 'askers'>,
  problem: ThreadProblem,
): Promise<void> {
  const requests = requestRecords(store)
  for (const { request } of askers) {
    const known = await requests.find(request)
    if (known) await respond(known, problemReply(problem, id))
  }
}

function problemReply(problem: ThreadProblem, incident: string): Message {
  if (problem === 'not_in_channel' || problem === 'channel_not_found') return replies.notMember(incident)
  if (problem === 'is_archived') return replies.archived()
  return problem === 'shared' ? replies.sharedChannel() : replies.cannotPost(problem)
}
