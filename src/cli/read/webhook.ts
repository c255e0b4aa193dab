import { parsePayload, readPayload } from '../../alertmanager/payload.ts'
import { whyNothing } from '../../alertmanager/webhook.ts'
import { rulesOf, shownAlert } from './alerts.ts'
import type { Reader, ReadOptions } from './reader.ts'

/** Reads a body as it is posted to the webhook, as `{"alerts"}`, `{"ignored"}` or `{"refused"}`. */
export function createWebhookReader(options: ReadOptions): Reader {
  const rules = rulesOf(options)
  return (input) => {
    const parsed = parsePayload(typeof input === 'string' ? jsonOf(input) : input)
    if (!parsed.valid) return { refused: parsed.reason }
    const read = readPayload(parsed.payload, rules, new Date())
    const { alerts, ...more } = read
    const answer = alerts.length > 0 ? { alerts: alerts.map(shownAlert) } : { ignored: whyNothing(read) }
    return { ...answer, ...(options.explain && { explain: { ...more, names: alerts.map(({ name }) => name) } }) }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
