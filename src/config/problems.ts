import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { actionIds } from '../remediation/action-id.ts'

export interface ConfigurationProblem {
  /** `registries[1].access`; empty for the file as a whole. */
  readonly path: string
  /** The line in the file, from 1. */
  readonly line?: number
  /** Completes a sentence that begins with the path: what is wrong, and which values are allowed. */
  readonly message: string
}

/** `unreadable`: the file cannot be read. `invalid`: its content, or a file that it names. */
export type ConfigurationErrorCode = 'not-found' | 'unreadable' | 'invalid'

/** The configuration has problems. imagepull then uses none of it, because half a policy is a different policy. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly code: ConfigurationErrorCode
  /** Every problem, in the order of the file. */
  readonly problems: readonly ConfigurationProblem[]

  constructor(
    code: ConfigurationErrorCode,
    file: string,
    problems: readonly ConfigurationProblem[],
    options?: ErrorOptions,
  ) {
    super(`The configuration ${file} cannot be used: ${problems.map(sentence).join('; ')}.`, options)
    this.code = code
    this.problems = problems
  }
}

function sentence({ path, line, message }: ConfigurationProblem): string {
  const where = line === undefined ? '' : `line ${line}: `
  return `${where}${path || 'the file'} ${message}`
}

export interface Explained {
  readonly path: readonly PropertyKey[]
  /** Completes a sentence that begins with the path. */
  readonly message: string
}

/** Explains an issue: what is wrong, and what is allowed. Each unknown key is a problem of its own. */
export function explainIssue(schema: z.ZodType, issue: z.core.$ZodIssue): readonly Explained[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ path: issue.path, message: `${found(issue.input)}: it ${issue.message}` }]
  const known = keysAt(schema, issue.path)
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: `is unknown: ${didYouMean(key, known)}` }))
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

// Reads only the names and tolerates everything else, so that both kinds of problems are reported at once.
function entries<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.array(z.object(shape).nullable().catch(null)).catch([])
}
const name = z.string().optional().catch(undefined)
const names = z.array(name).catch([])
const lists = z.object({
  clusters: entries({ name, context: name }),
  registries: entries({ host: name }),
  channels: entries({ id: name, clusters: names }),
  permissions: entries({ action: name, clusters: names }),
})

/** Finds duplicate names, unknown clusters and unknown actions. `file` may be invalid otherwise. */
export function nameProblems(file: unknown): readonly Explained[] {
  const { data } = lists.safeParse(file)
  if (!data) return []
  const clusters = data.clusters.map((it) => it?.name)
  const contexts = data.clusters.map((it) => it && (it.context ?? 'the current context'))
  return [
    ...repeated('clusters', 'name', clusters),
    ...repeated('clusters', 'context', contexts),
    ...repeated(
      'registries',
      'host',
      data.registries.map((it) => it?.host),
    ),
    ...repeated(
      'channels',
      'id',
      data.channels.map((it) => it?.id),
    ),
    ...unlisted(
      'channels',
      clusters,
      data.channels.map((it) => it?.clusters),
    ),
    ...unlisted(
      'permissions',
      clusters,
      data.permissions.map((it) => it?.clusters),
    ),
    ...unknownActions(data.permissions.map((it) => it?.action)),
  ]
}

/** A misspelt action would silently allow nothing. The schema reports values that cannot be a name. */
function unknownActions(actions: Names): readonly Explained[] {
  return actions.flatMap((action, index) => {
    if (!action || action === '*' || !/^[a-z][a-z-]{0,60}$/.test(action)) return []
    if (actionIds.some((it) => it === action)) return []
    const message = `is ${action}, which is not an action: ${didYouMean(action, [...actionIds, '*'])}`
    return [{ path: ['permissions', index, 'action'], message }]
  })
}

type Names = readonly (string | null | undefined)[]

function repeated(list: string, key: string, values: Names): readonly Explained[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value)
    if (!value || first === index) return []
    return [{ path: [list, index, key], message: `is ${value}, the same as in ${list}[${first}]: it must be unique` }]
  })
}

/** Without `clusters` there is one cluster, with any name. */
function unlisted(list: string, clusters: Names, entries: readonly (Names | undefined)[]): readonly Explained[] {
  const known = [...new Set(clusters)].filter((it) => typeof it === 'string')
  if (known.length === 0) return []
  return entries.flatMap((used, index) =>
    (used ?? []).flatMap((value, place) => {
      if (!value || value === '*' || known.includes(value)) return []
      const message = `is ${value}, which is not listed in clusters: ${didYouMean(value, [...known, '*'])}`
      return [{ path: [list, index, 'clusters', place], message }]
    }),
  )
}

/** `did you mean "secrets"? Allowed: name, context, …` */
function didYouMean(word: string, known: readonly string[]): string {
  const allowed = `allowed: ${known.join(', ')}`
  const near = known
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.far - b.far)[0]
  return near ? `did you mean "${near.name}"? (${allowed})` : allowed
}
