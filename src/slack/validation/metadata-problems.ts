import { z } from 'zod'
import { characters } from './characters.ts'
import { issuesOf } from './issues-of.ts'
import { limits } from './limits.ts'
import type { Problem } from './problem.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])
const flat = z.record(z.string(), scalar)
const schema = z.strictObject({
  event_type: characters(limits.metadata.eventType),
  event_payload: z.record(z.string(), z.union([scalar, flat, z.array(flat)])),
})

/** https://docs.slack.dev/messaging/message-metadata. An empty object removes what a message had. */
export function metadataProblems(metadata: unknown, at: string): readonly Problem[] {
  if (JSON.stringify(metadata) === '{}') return []
  const found = issuesOf(schema, metadata, at)
  if (found.length > 0) return found.map((each) => ({ error: 'invalid_metadata_format', ...each }))
  const { length } = JSON.stringify(metadata)
  const message = `must be less than ${limits.metadata.characters + 1} characters`
  return length > limits.metadata.characters ? [{ error: 'metadata_too_large', pointer: at, message }] : []
}
