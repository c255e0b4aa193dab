import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { type Configuration, configurationSchema } from './configuration.ts'
import {
  ConfigurationError,
  type ConfigurationProblem,
  type Explained,
  explainIssue,
  nameProblems,
} from './problems.ts'
import { mustBe } from './value-forms.ts'

/**
 * Reads the file that IMAGEPULL_CONFIG names; without a name, returns the defaults. A missing file is an error, because its
 * restrictions would be lost. Relative paths in it start at its folder. Throws ConfigurationError.
 */
export function readConfiguration(file: string | undefined): Configuration {
  if (!file) return configurationSchema.parse({})
  const lines = new LineCounter()
  const document = parseDocument(contentOf(file), { lineCounter: lines })
  const raw = rawValue(file, document)
  const parsed = configurationSchema.safeParse(raw, { error: mustBe, reportInput: true })
  const issues = parsed.error?.issues.flatMap((issue) => explainIssue(configurationSchema, issue)) ?? []
  const problems = [...issues, ...nameProblems(raw)].map((it) => located(it, document, lines))
  if (parsed.success && problems.length === 0) return absolute(parsed.data, dirname(resolve(file)))
  throw new ConfigurationError(
    'invalid',
    file,
    problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  )
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    const reason = cause instanceof Error ? cause.message : String(cause)
    const message = missing ? 'does not exist' : `cannot be read: ${reason}`
    throw new ConfigurationError(missing ? 'not-found' : 'unreadable', file, [{ path: '', message }], { cause })
  }
}

/** Returns the YAML value. An empty document is an empty object. */
function rawValue(file: string, document: Document.Parsed): unknown {
  const problems = [...document.errors, ...document.warnings].map(({ message, linePos }) => ({
    path: '',
    ...(linePos && { line: linePos[0].line }),
    message: `is not valid YAML: ${message.split(/ at line \d|\n/, 1)[0]}`,
  }))
  if (problems.length > 0) throw new ConfigurationError('invalid', file, problems)
  try {
    return document.toJS() ?? {}
  } catch (cause) {
    // https://eemeli.org/yaml/#tojs: an alias without its anchor, or far too many of them.
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigurationError('invalid', file, [{ path: '', message: `is not valid YAML: ${reason}` }], { cause })
  }
}

function located({ path, message }: Explained, document: Document, lines: LineCounter): ConfigurationProblem {
  const line = findLine(document, lines, path)
  return { path: written(path), ...(line !== undefined && { line }), message }
}

/** `registries[1].access` */
function written(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}

function absolute(configuration: Configuration, folder: string): Configuration {
  const { registries, gitops } = configuration
  return {
    ...configuration,
    registries: registries.map((it) => ({
      ...it,
      ...(it.ca && { ca: resolve(folder, it.ca) }),
      ...(it.clientCertificate && { clientCertificate: resolve(folder, it.clientCertificate) }),
      ...(it.clientKey && { clientKey: resolve(folder, it.clientKey) }),
      ...(it.credentialsFile && { credentialsFile: resolve(folder, it.credentialsFile) }),
    })),
    gitops: { ...gitops, ...(gitops.directory && { directory: resolve(folder, gitops.directory) }) },
  }
}

/** Returns the line, from 1, of the value at a path, or of its nearest parent in the file. */
function findLine(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  let node = document.contents
  let offset = node?.range?.[0]
  for (const step of path) {
    const entry = entryOf(node, step)
    if (!entry) break
    offset = entry.offset ?? offset
    node = entry.node
  }
  return offset === undefined ? undefined : lines.linePos(offset).line
}

interface Entry {
  readonly node: Node | null
  readonly offset: number | undefined
}

/** In a map, the key gives the line; in a list, the item. */
function entryOf(of: Node | null, step: PropertyKey): Entry | undefined {
  if (isMap<Node, Node | null>(of)) {
    const pair = of.items.find(({ key }) => isScalar(key) && key.value === step)
    return pair && { node: pair.value, offset: pair.key.range?.[0] }
  }
  const item = isSeq<Node>(of) && typeof step === 'number' ? of.items[step] : undefined
  return item && { node: item, offset: item.range?.[0] }
}
