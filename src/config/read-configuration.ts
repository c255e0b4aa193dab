import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Document, LineCounter, parseDocument } from 'yaml'
import { type Configuration, configurationSchema } from './configuration.ts'
import { ConfigurationError, type ConfigurationProblem } from './configuration-error.ts'
import { type Explained, explainIssue } from './explain-issue.ts'
import { findLine } from './find-line.ts'
import { mustBe } from './must-be.ts'
import { nameProblems } from './name-problems.ts'

/**
 * The file that IMAGEPULL_CONFIG names; without one, every default. A file that is named and missing is an error: what
 * was to be denied there would not be. Paths in it are relative to it. Throws ConfigurationError.
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
    const says = missing ? 'does not exist' : `cannot be read: ${reason}`
    throw new ConfigurationError(missing ? 'not-found' : 'unreadable', file, [{ path: '', says }], { cause })
  }
}

/** An empty document is one without a key. */
function rawValue(file: string, document: Document.Parsed): unknown {
  const problems = [...document.errors, ...document.warnings].map(({ message, linePos }) => ({
    path: '',
    ...(linePos && { line: linePos[0].line }),
    says: `is not valid YAML: ${message.split(/ at line \d|\n/, 1)[0]}`,
  }))
  if (problems.length > 0) throw new ConfigurationError('invalid', file, problems)
  try {
    return document.toJS() ?? {}
  } catch (cause) {
    // https://eemeli.org/yaml/#tojs: an alias without its anchor, or far too many of them.
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigurationError('invalid', file, [{ path: '', says: `is not valid YAML: ${reason}` }], { cause })
  }
}

function located({ path, says }: Explained, document: Document, lines: LineCounter): ConfigurationProblem {
  const line = findLine(document, lines, path)
  return { path: written(path), ...(line !== undefined && { line }), says }
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
      ...(it.credentialsFile && { credentialsFile: resolve(folder, it.credentialsFile) }),
    })),
    gitops: { ...gitops, ...(gitops.directory && { directory: resolve(folder, gitops.directory) }) },
  }
}
