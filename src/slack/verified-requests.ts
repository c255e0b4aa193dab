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

/** Slack writes it so. Bolt compares what stands between two `=`, so that a longer header would pass as another one. */
const signatureForm = /^v0=([0-9a-f]{64})$/

/**
 * Hands a POST request to Bolt once it is complete, signed by Slack, and a JSON object. Anything else is answered here:
 * 401, 400 or 413. Bolt reads such a body outside of any `try`, and the rejection would be nobody's.
 */
export function verifiedRequests({ receiver, signingSecret, bodyLimit, warn }: VerifiedRequestsOptions) {
  const options = { enabled: true, signingSecret: signingSecret.reveal(), bodyLimit }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, reason: string): void => {
      warn("a request to Slack's address was refused", { status, reason })
      response.writeHead(status, { connection: 'close' }).end()
    }
    const verified = await bolt.parseAndVerifyHTTPRequest(options, request).catch((error: unknown) => error)
    if (!isBuffered(verified)) return refuse(isTooLarge(verified) ? 413 : 401, reasonOf(verified))
    const body = attempt(() => bolt.parseHTTPRequestBody(verified))
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuse(400, 'not a JSON object')
    // Bolt asks for no signature of an SSL check, and has dropped all else that it said.
    const isSslCheck = 'ssl_check' in body && body.ssl_check === '1'
    if (!isSslCheck && !signatureOf(verified)) return refuse(401, "the signature's form is not Slack's")
    receiver.requestListener(verified, response)
  }
}

/** The 64 hex digits, which cover timestamp and body. undefined: no header in Slack's form. */
export function signatureOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'not understood'
}

function attempt(parse: () => unknown): unknown {
  try {
    return parse()
  } catch {
    return undefined
  }
}
