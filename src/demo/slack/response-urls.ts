import type { Clock } from './clock.ts'
import { Refusal } from './refusal.ts'
import { type ResponseParts, type ResponseTarget, showResponse } from './show-response.ts'

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses: "up to 5 times within 30 minutes". */
const uses = 5
const lifetime = 30 * 60_000

export interface ResponseUrls {
  /** A secret address, `http://127.0.0.1:PORT/commands/T…/…/…`. */
  issue(target: ResponseTarget): string
  /** What comes to such an address. Throws Refusal; what is refused uses up nothing. */
  respond(path: string, payload: unknown): void
  /** An answer in the acknowledgement itself. Throws Refusal. */
  show(target: ResponseTarget, payload: unknown): void
}

interface Parts extends ResponseParts {
  readonly url: string
  readonly clock: Clock
}

interface Issued {
  readonly target: ResponseTarget
  readonly until: number
  left: number
}

export function createResponseUrls({ url, clock, ...parts }: Parts): ResponseUrls {
  const issued = new Map<string, Issued>()
  return {
    issue(target) {
      const path = `/${target.of}/${parts.workspace.team.id}/${parts.ids.next('')}/${parts.ids.secret()}`
      issued.set(path, { target, until: clock.now() + lifetime, left: uses })
      return `${url}${path}`
    },
    respond(path, payload) {
      const found = issued.get(path)
      if (!found) throw new Refusal('not_found')
      if (clock.now() > found.until) throw new Refusal('expired_url')
      if (found.left === 0) throw new Refusal('used_url')
      showResponse(parts, found.target, payload)
      found.left -= 1
    },
    show: (target, payload) => showResponse(parts, target, payload),
  }
}
