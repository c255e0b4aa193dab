import { stripTypeScriptTypes } from 'node:module'

/** TypeScript as JavaScript. Node calls this experimental still, and would say so to everybody who starts the demo. */
export function stripTypes(source: string): string {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}
