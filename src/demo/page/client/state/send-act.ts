import type { Act } from '../../act.ts'
import type { Outcome } from '../../outcome.ts'

/** Never rejects. */
export async function sendAct(act: Act): Promise<Outcome> {
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch('/acts', { method: 'POST', headers, body: JSON.stringify(act) })
    if (response.ok) return (await response.json()) as Outcome // of our own server
    return { kind: 'cannot', says: `The demo answered ${response.status}.` }
  } catch {
    return { kind: 'cannot', says: 'The demo does not answer. Is it still running?' }
  }
}
