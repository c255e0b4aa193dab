import type { IncomingMessage, ServerResponse } from 'node:http'
import { HTTPModuleFunctions as bolt, type HTTPReceiver } from '@slack/bolt'
import type { Secret } from '../secret.ts'

export interface VerifiedRequestsOptions {
  readonly receiver: Pick<HTTPReceiver, 'requestListener'>
  readonly signingSecret: Secret
  /** Bytes of a body. */
  readonly bodyLimit: number
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/** The form of Slack's signature. Bolt compares only the part between two `=`, so it would accept a longer header. */
const signatureForm = /^v0=([0-9a-f]{64})$/

/**
 * Hands a POST request to Bolt if it is complete, signed by Slack, and a JSON object. Other requests get a 400, 401 or 413
 * here, because Bolt parses the body outside of any `try`: an invalid one would become an unhandled rejection.
 */
export function verifiedRequests({ receiver, signingSecret, bodyLimit, warn }: VerifiedRequestsOptions) {
  const options = { enabled: true, signingSecret: signingSecret.reveal(), bodyLimit }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, reason: string): void => {
      warn("a request to Slack's address was refused", { status, reason })
      response.writeHead(status, { connection: 'close' }).end()
    }
    const verified = await bolt.parseAndVerifyHTTPRequest(options, request).catch((error: unknown) => error)
    if (!isBuffered(verified)) return refuse(isTooLarge(verified) ? 413 : 401, describeError(verified))
    const body = attempt(() => bolt.parseHTTPRequestBody(verified))
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuse(400, 'not a JSON object')
    // Bolt accepts an SSL check without a signature and ignores the rest of its body.
    const isSslCheck = 'ssl_check' in body && body.ssl_check === '1'
    if (!isSslCheck && !readSignature(verified)) return refuse(401, "the signature's form is not Slack's")
    receiver.requestListener(verified, response)
  }
}

/** Returns the 64 hex digits, which cover timestamp and body. undefined: there is no header in Slack's form. */
export function readSignature({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const header = headers['x-slack-signature']
  return typeof header === 'string' ? signatureForm.exec(header)?.[1] : undefined
}

type Buffered = Awaited<ReturnType<typeof bolt.parseAndVerifyHTTPRequest>>

function isBuffered(it: unknown): it is Buffered {
  return typeof it === 'object' && it !== null && 'rawBody' in it && Buffer.isBuffer(it.rawBody)
}

function isTooLarge(error: unknown): boolean {
  return bolt.isRawBodyError(error) && error.statusCode === 413
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : 'not understood'
}

function attempt(parse: () => unknown): unknown {
  try {
    return parse()
  } catch {
    return undefined
  }
}
