import { z } from 'zod'
import type { Check, Observation } from '../../diagnosis/check.ts'
import { type Pod, resources } from '../../kubernetes/resources.ts'
import { redactJson } from '../../secret.ts'
import { withoutPrivateFields } from './evidence-fields.ts'

const version = 1

const observation = z.union([
  z.object({ known: z.literal(true), value: z.unknown().optional() }),
  z.object({ known: z.literal(false), reason: z.string(), code: z.string().exactOptional() }),
])

const schema = z.object({
  imagepull: z.literal(version, { error: `facts of another version than ${version}` }),
  cluster: z.string(),
  /** When the facts were seen: RFC 3339. */
  time: z.iso.datetime(),
  pod: resources.pods.schema,
  facts: z.record(z.string(), z.record(z.string(), observation)),
})

/** What one diagnosis saw, so that it can be judged again elsewhere: a bug report that can be replayed. */
export type SavedFacts = z.infer<typeof schema>

/** Throws ZodError, or SyntaxError where it is no JSON. */
export function parseSavedFacts(json: string): SavedFacts {
  return schema.parse(JSON.parse(json))
}

/** Collects answers as they come. `json` has only fields that are evidence, each of them redacted. */
export function factsRecorder(cluster: string, pod: Pod, time: Date) {
  const facts: Record<string, Record<string, Observation<unknown>>> = {}
  const remember = (path: string, { id }: Check<unknown>, of: Observation<unknown>): void => {
    facts[path] = { ...facts[path], [id]: of }
  }
  const json = (): string => {
    const kept = { imagepull: version, cluster, time: time.toISOString(), ...evidenceOf({ pod, facts }) }
    return JSON.stringify(kept, undefined, 1)
  }
  return { remember, json }
}

/** Plain JSON: what has a `toJSON`, as a `Secret` has, says here what it says to everybody. */
function evidenceOf(seen: { readonly pod: Pod; readonly facts: object }): object {
  const plain: unknown = JSON.parse(JSON.stringify(seen))
  return { ...(redactJson(withoutPrivateFields(plain)) as object) } // an object stays one
}

/** The other direction: what `recall` of a diagnosis takes. Nothing that was not saved is known. */
export function recallFrom(saved: SavedFacts): (path: string, id: string) => Observation<unknown> {
  return (path, id) => {
    const known = saved.facts[path]?.[id]
    if (!known) return { known: false, reason: 'it is not among the saved facts' }
    // JSON leaves out what is undefined, which is an answer too: "there is none".
    return known.known ? { known: true, value: known.value } : known
  }
}
