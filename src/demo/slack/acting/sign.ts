import { createHmac } from 'node:crypto'

/** https://docs.slack.dev/authentication/verifying-requests-from-slack. `at`: milliseconds since 1970. */
export function sign(body: string, secret: string, at: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1_000))
  const hash = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hash}` }
}
