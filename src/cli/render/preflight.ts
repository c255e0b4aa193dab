import pc from 'picocolors'
import type { PreflightReport } from '../../preflight/report.ts'
import { redact } from '../../secret.ts'
import type { Io } from '../errors.ts'
import type { Measured } from './json.ts'
import { preflightGithub } from './preflight/github.ts'
import { preflightJson } from './preflight/json.ts'
import { preflightJunit } from './preflight/junit.ts'
import { preflightSarif } from './preflight/sarif.ts'
import { preflightText } from './preflight/text.ts'

export const preflightFormats = ['text', 'json', 'junit', 'github', 'sarif'] as const
export type PreflightFormat = (typeof preflightFormats)[number]

/** The whole output, with its last line break. `strict`: what could not be found out counts as a failure. */
export function renderPreflight(
  report: PreflightReport,
  measured: Measured,
  { output, strict }: { readonly output: PreflightFormat; readonly strict: boolean },
  terminal: Io['output'],
): string {
  if (output === 'json') return jsonLines(preflightJson(report, measured))
  if (output === 'sarif') return jsonLines(preflightSarif(report, strict))
  if (output === 'junit') return redactLines(preflightJunit(report, strict, measured.ms))
  if (output === 'github') return redactLines(preflightGithub(report, strict))
  const colors = pc.createColors(pc.isColorSupported && terminal.isTTY === true)
  return redactLines(preflightText(report, colors))
}

function jsonLines(value: object): string {
  const redacted = (_key: string, it: unknown): unknown => (typeof it === 'string' ? redact(it) : it)
  return `${JSON.stringify(value, redacted, 2)}\n`
}

/** The last look at what leaves, commands and patches included. */
function redactLines(text: string): string {
  return text.split('\n').map(redact).join('\n')
}
