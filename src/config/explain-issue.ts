import { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'

export interface Explained {
  readonly path: readonly PropertyKey[]
  /** Completes a sentence that begins with the path. */
  readonly says: string
}

/** What is wrong and what is allowed; of unknown keys each one alone. */
export function explainIssue(schema: z.ZodType, issue: z.core.$ZodIssue): readonly Explained[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ path: issue.path, says: `${found(issue.input)}: it ${issue.message}` }]
  const known = keysAt(schema, issue.path)
  return issue.keys.map((key) => ({ path: [...issue.path, key], says: `is unknown: ${didYouMean(key, known)}` }))
}

function found(value: unknown): string {
  if (value === undefined) return 'is missing'
  if (value === null) return 'has no value'
  if (Array.isArray(value)) return 'is a list'
  if (typeof value === 'object') return 'has keys'
  const written = JSON.stringify(value) ?? typeof value
  return `is ${written.length > 80 ? `${written.slice(0, 80)}…` : written}`
}

/** The keys of the object that a path leads to. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return keysAt(schema.unwrap(), path)
  const [step, ...rest] = path
  if (schema instanceof z.ZodArray) return keysAt(schema.element, rest)
  if (!(schema instanceof z.ZodObject)) return []
  return typeof step === 'string' ? keysAt(schema.shape[step], rest) : Object.keys(schema.shape)
}
