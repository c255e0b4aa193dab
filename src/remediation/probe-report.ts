import { z } from 'zod'
import { redact } from '../secret.ts'
import { joinTexts, type Text, text } from '../text.ts'

const part = z.object({ ok: z.boolean(), says: z.string().max(500), ms: z.number() })

/** What `imagepull probe` found out, step by step; what comes after a failure is left out. */
export const probeReportSchema = z.object({
  host: z.string(),
  dns: part.optional(),
  tcp: part.optional(),
  tls: part.optional(),
  http: part.optional(),
})
export type ProbeReport = z.infer<typeof probeReportSchema>

const names = { dns: 'DNS', tcp: 'TCP', tls: 'TLS', http: '/v2/' } as const

/** It has the node's network, and not its runtime's mirrors, proxy and certificates: that is said, too. */
export function reportWords(report: ProbeReport): Text {
  const parts = (['dns', 'tcp', 'tls', 'http'] as const).flatMap((key) => {
    const it = report[key]
    return it
      ? [text`${{ parts: [names[key]] }} ${it.ok ? 'works' : 'fails'}: ${redact(it.says)} (${Math.round(it.ms)} ms)`]
      : []
  })
  const limits = text`without the runtime's own mirrors, proxy and certificates`
  return joinTexts([...parts, limits], '; ')
}
