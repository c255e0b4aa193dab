import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { readBuildLog, toLogLines } from '../../builds/log/read.ts'
import { readManifests } from '../../builds/read-manifests.ts'
import { type Reading, read } from '../../messages/read.ts'
import { rowById } from '../../messages/rows.ts'
import { guessTarget } from '../../target/guess.ts'
import { kubernetesKind } from '../../target/kind.ts'
import { mentionsIn } from '../../target/mentions.ts'
import { parseTarget, type Target } from '../../target/parse.ts'
import { plainWords } from '../../target/plain-words.ts'
import { rulesOf } from './alerts.ts'
import { BadInput, type Reader, type ReadOptions } from './reader.ts'

const messageSchema = z.union([
  z.string().transform((message) => ({ message, waitingReason: undefined })),
  z.object({ message: z.string(), waitingReason: z.string().nullish() }),
])

/** Reads a message, or `{"message", "waitingReason"?}`. Returns `{"kind", "cause"?, "host"?, "image"?}`. */
export function createMessageReader({ explain }: ReadOptions): Reader {
  return (input) => {
    const parsed = messageSchema.safeParse(typeof input === 'string' ? objectIn(input.trim(), messageSchema) : input)
    if (!parsed.success) throw new BadInput('expected a string, or {"message": "…", "waitingReason": "…"}')
    const reading = read(parsed.data.message, parsed.data.waitingReason ?? undefined)
    const { kind = 'unknown', cause, host, image } = reading
    return { kind, cause, host, image, ...(explain && { explain: explainReading(reading) }) }
  }
}

function explainReading(reading: Reading): object {
  const { kind, cause, host, image, clauses, ...named } = reading
  const row = cause ? rowById(cause) : undefined
  return { title: row?.title, lasting: row?.lasting, clauses, ...named }
}

const targetSchema = z.union([z.string().transform((text) => ({ text })), z.object({ text: z.string() })])

/**
 * Reads the text of a target, or `{"text"}`. Returns `{"target"}` or `{"error"}`. With `--guess` it reads as the message
 * shortcut does.
 */
export function createTargetReader(options: ReadOptions): Reader {
  const { explain, guess } = options
  const { clusters } = rulesOf(options)
  return (input) => {
    const parsed = targetSchema.safeParse(input)
    if (!parsed.success) throw new BadInput('expected a string, or {"text": "…"}')
    const { text } = parsed.data
    return {
      ...(guess ? guessed(text, clusters) : typed(text, clusters)),
      ...(explain && { explain: explainTarget(text) }),
    }
  }
}

function typed(text: string, clusters: Iterable<string>): object {
  const parsed = parseTarget(text, clusters)
  if (!parsed.valid) return { error: parsed.reason }
  return { target: shown(parsed.target), ...(parsed.others && { others: parsed.others.map(shown) }) }
}

function guessed(text: string, clusters: Iterable<string>): object {
  const target = guessTarget(text, clusters)
  return target ? { target: shown(target) } : { error: 'No target found.' }
}

/** A target without a kind is a pod. */
function shown({ context, namespace, kind, name }: Target): object {
  return { cluster: context, namespace, kind: kind && kind !== 'pods' ? kubernetesKind(kind) : undefined, name }
}

function explainTarget(text: string): object {
  const lines = plainWords(text).split('\n')
  return { mentions: lines.flatMap((line) => mentionsIn(line).mentions) }
}

const logSchema = z.union([
  z.string().transform((log) => ({ log, reason: undefined })),
  z.object({ log: z.string(), reason: z.string().nullish() }),
])

/** Characters that are read, from the end of a log. */
const logLimit = 262_144

/** Reads a build's log, or `{"log", "reason"?}`. Returns `{"class", "line"?, "rerunHelps"}`. */
export function createBuildLogReader({ explain }: ReadOptions): Reader {
  return async (input) => {
    const parsed = logSchema.safeParse(typeof input === 'string' ? objectIn(input, logSchema) : input)
    if (!parsed.success) throw new BadInput('expected a string, or {"log": "…", "reason": "…"}')
    const error = readBuildLog(await toLogLines(parsed.data.log.slice(-logLimit)), parsed.data.reason ?? undefined)
    if (!error) return { class: 'unknown', rerunHelps: false }
    const { class: name, line, willRepeat, title, means } = error
    return {
      class: name,
      ...(line && { line }),
      rerunHelps: !willRepeat,
      ...(explain && { explain: { title, means } }),
    }
  }
}

/** Characters of one input, and aliases that one document may use. */
const manifestLimits = { characters: 8_388_608, aliases: 100 } as const

/**
 * Reads Kubernetes objects from YAML, JSON or a List. Returns `{"builds": [{"object", "container", "tool", "destinations",
 * "open"}]}`.
 */
export function createManifestReader(): Reader {
  return (input) => ({ builds: readManifests(documentsOf(input)) })
}

function documentsOf(input: unknown): readonly unknown[] {
  if (typeof input === 'object' && input !== null) return 'manifest' in input ? documentsOf(input.manifest) : [input]
  if (typeof input !== 'string') throw new BadInput('expected Kubernetes objects, as YAML or JSON')
  if (input.length > manifestLimits.characters)
    throw new BadInput(`longer than ${manifestLimits.characters} characters`)
  const parsed = parseAllDocuments(input, { logLevel: 'silent' })
  const documents = 'empty' in parsed ? [] : parsed
  const valid = documents.filter(({ errors }) => errors.length === 0)
  if (valid.length === 0 && documents.length > 0)
    throw new BadInput(`invalid YAML: ${documents[0]?.errors[0]?.message ?? ''}`)
  return valid.map(plainValue)
}

function plainValue(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: manifestLimits.aliases })
  } catch {
    throw new BadInput('a document is nested too deeply or has too many aliases')
  }
}

/** Returns the object that a file holds, as a bug report does, if it has the form of the schema; else the text itself. */
function objectIn(text: string, schema: z.ZodType): unknown {
  if (!text.trimStart().startsWith('{')) return text
  try {
    const value: unknown = JSON.parse(text)
    return schema.safeParse(value).success ? value : text
  } catch {
    return text
  }
}
