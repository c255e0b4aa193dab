import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { actionNames } from './configuration.ts'

export interface ConfigurationProblem {
  /** `registries[1].access`; empty for the file as a whole. */
  readonly path: string
  /** From 1, where the file shows it. */
  readonly line?: number
  /** Completes a sentence that begins with the path: what is wrong, and what is allowed. */
  readonly says: string
}

/** `unreadable`: the configuration itself. `invalid`: what it says, or a file that it names. */
export type ConfigurationErrorCode = 'not-found' | 'unreadable' | 'invalid'

/** Nothing is used of a configuration with a problem: half a policy is another policy. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly code: ConfigurationErrorCode
  /** All of them, in the file's order. */
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

function sentence({ path, line, says }: ConfigurationProblem): string {
  const where = line === undefined ? '' : `line ${line}: `
  return `${where}${path || 'the file'} ${says}`
}

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

// Only the names; whatever else is wrong passes here, so that both kinds of problem are told at once.
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

/** Names that stand twice, and clusters that are not listed. Takes the file as it is written, valid or not. */
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

/** One that is misspelt would allow nothing, and nobody would notice. What is no name at all is told elsewhere. */
function unknownActions(actions: Names): readonly Explained[] {
  return actions.flatMap((action, index) => {
    if (!action || action === '*' || !/^[a-z][a-z-]{0,60}$/.test(action)) return []
    if (actionNames.some((it) => it === action)) return []
    const says = `is ${action}, which is no action: ${didYouMean(action, [...actionNames, '*'])}`
    return [{ path: ['permissions', index, 'action'], says }]
  })
}

type Names = readonly (string | null | undefined)[]

function repeated(list: string, key: string, values: Names): readonly Explained[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value)
    if (!value || first === index) return []
    return [{ path: [list, index, key], says: `is ${value}, as is that of ${list}[${first}]: it must be its own` }]
  })
}

/** Without a list there is one cluster, whatever it is called. */
function unlisted(list: string, clusters: Names, entries: readonly (Names | undefined)[]): readonly Explained[] {
  const known = [...new Set(clusters)].filter((it) => typeof it === 'string')
  if (known.length === 0) return []
  return entries.flatMap((used, index) =>
    (used ?? []).flatMap((value, place) => {
      if (!value || value === '*' || known.includes(value)) return []
      const says = `is ${value}, which is none of the clusters: ${didYouMean(value, [...known, '*'])}`
      return [{ path: [list, index, 'clusters', place], says }]
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
