import pc from 'picocolors'
import { redact } from '../../secret.ts'
import { visible } from '../../text.ts'
import type { Io } from '../errors.ts'

/** One line of `doctor`: what was checked, the result, and how to fix it. */
export interface Finding {
  readonly subject: string
  /** `unsure`: it could not be checked, or only a part of imagepull needs it. */
  readonly state: 'ok' | 'warning' | 'error'
  readonly message: string
  readonly fix?: string
}

/** Prints one line for each finding. */
export function printFindings(findings: readonly Finding[], io: Io): void {
  const colors = pc.createColors(pc.isColorSupported && io.output.isTTY === true)
  const marks = { ok: colors.green('✓'), warning: colors.yellow('!'), error: colors.red('✗') }
  for (const { subject, state, message, fix } of findings) {
    const words = visible(redact(`${subject}: ${message}`))
    io.output.write(`${marks[state]} ${words}${fix ? `  → ${visible(fix)}` : ''}\n`)
  }
}
