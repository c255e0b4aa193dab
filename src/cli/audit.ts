import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readEnvironment, serviceSettings } from '../config/environment.ts'
import { readConfiguration } from '../config/read-configuration.ts'
import { duration } from '../config/value-forms.ts'
import { type WrongVerdict, wrongVerdicts } from '../incidents/investigation/feedback.ts'
import { type AuditEntry, auditRecords, type Evidence, evidenceRecords } from '../remediation/execution/audit.ts'
import { redact, redactLong } from '../secret.ts'
import { openStore } from '../store/open.ts'
import { type Store, StoreError } from '../store/store.ts'
import { visible } from '../text.ts'
import { CommandError, type ExitCode, type Io } from './errors.ts'

export interface AuditOptions {
  /** `7d` */
  readonly since: string
  readonly output: 'text' | 'jsonl'
  /** The id of an incident. The command then prints the evidence that was kept for it, and no entries. */
  readonly evidence?: string
  /** The directory to write cases to. Absent: none are written. */
  readonly wrong?: string
}

/** The values that `--since` takes. */
const sinceForm = duration({ least: '1s', most: '400d' })

/** Prints the entries of the audit log since a time, oldest first. Throws errors that `explainError` explains. */
export async function audit({ since, output, evidence, wrong }: AuditOptions, io: Io): Promise<ExitCode> {
  const from = new Date(Date.now() - millisecondsOf(since))
  return withStore(async (store) => {
    if (evidence !== undefined) return printEvidence(store, evidence, output, io)
    const { entries, unreadable } = await auditRecords(store).between(from, new Date())
    const line = output === 'jsonl' ? jsonLine : textLine
    for (const entry of entries) io.output.write(`${line(entry)}\n`)
    if (entries.length === 0 && output === 'text') io.output.write(`No actions since ${shownTime(from)}.\n`)
    if (unreadable.length > 0) io.errors.write(`${notShown(unreadable)}\n`)
    if (wrong !== undefined) io.errors.write(`${await writeCases(await wrongVerdicts(store).since(from), wrong)}\n`)
    return 0
  })
}

/** Prints the pods and build logs that were kept before an action changed or deleted them. */
async function printEvidence(
  store: Store,
  incident: string,
  output: AuditOptions['output'],
  io: Io,
): Promise<ExitCode> {
  const kept = await evidenceRecords(store).of(incident)
  if (kept.length === 0) io.errors.write(`No evidence is kept for incident ${visible(incident)}.\n`)
  for (const { version: _, ...item } of kept)
    io.output.write(output === 'jsonl' ? `${JSON.stringify(item)}\n` : await evidenceText(item))
  return 0
}

async function evidenceText({ at, what, namespace, name, content }: Omit<Evidence, 'version'>): Promise<string> {
  const title = `${shownTime(new Date(at))}  ${what === 'log' ? 'log of build' : 'pod'} ${namespace}/${name}`
  const redacted = await redactLong(content)
  const lines = redacted.trimEnd().split('\n')
  return `${[visible(title), ...lines.map((line) => `  ${visible(line)}`)].join('\n')}\n`
}

/** Says which entries the export lacks. */
function notShown(ids: readonly string[]): string {
  const named = ids.slice(0, 3).join(', ')
  const count = ids.length === 1 ? '1 entry is' : `${ids.length} entries are`
  return visible(`${count} not shown, because this version cannot read them: ${named}${ids.length > 3 ? ', …' : ''}.`)
}

function millisecondsOf(since: string): number {
  const parsed = sinceForm.safeParse(since)
  if (parsed.success) return parsed.data
  const why = parsed.error.issues[0]?.message ?? ''
  throw new CommandError(2, 'usage', `--since ${why}, not ${visible(since)}.`, 'For example: --since 30d')
}

/** Opens the store that `start` would open with the same environment and configuration. */
async function withStore(read: (store: Store) => Promise<ExitCode>): Promise<ExitCode> {
  const environment = readEnvironment()
  const { redis, dataDirectory } = serviceSettings(environment, 'all')
  const { keep } = readConfiguration(environment.IMAGEPULL_CONFIG).incidents
  try {
    const opened = await openStore({ ...(redis && { redis }), dataDirectory, keep, onError: () => undefined })
    return await read(opened.store).finally(opened.close)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const hint =
      error.code === 'in-use'
        ? 'Only one process can open an embedded store. Stop the other one, or set REDIS_URL for both.'
        : 'Check REDIS_URL or IMAGEPULL_DATA_DIR, and that the server is running.'
    throw new CommandError(2, `store-${error.code}`, `The audit log cannot be read: ${error.message}.`, hint, [], {
      cause: error,
    })
  }
}

function jsonLine({ version: _, ...entry }: AuditEntry): string {
  return JSON.stringify(entry)
}

function textLine({ at, what, action, cluster, incident, target, who, before, after, result }: AuditEntry): string {
  const { kind, namespace, name } = target
  const object = `${kind} ${namespace ? `${namespace}/` : ''}${name}`
  const change = [before, after].filter((it) => it !== undefined).join(' → ')
  const words = [
    `${shownTime(new Date(at))}  ${what.padEnd(8)}  ${action}: ${object} in ${cluster}, incident ${incident}`,
    ...(who ? [`by ${who.user} of ${who.team}`] : []),
    ...(change ? [change] : []),
    ...(result ? [result] : []),
  ]
  return visible(redact(words.join('; ')))
}

function shownTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')}Z`
}

/** Writes one file for each case: the facts, and under `wrong` the complaint, which a replay ignores. */
async function writeCases(all: readonly WrongVerdict[], directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const whole = all.filter(({ facts }) => facts !== undefined)
  for (const { facts = '', version: _, ...said } of whole) {
    const name = `${said.incident}-${said.at}`.replace(/[^A-Za-z0-9-]/g, '-')
    const content = { ...JSON.parse(facts), wrong: said }
    await writeFile(join(directory, `${name}.json`), `${JSON.stringify(content, undefined, 1)}\n`, { mode: 0o600 })
  }
  const without = all.length - whole.length
  const rest = without > 0 ? ` The facts of ${without} more were too large to keep.` : ''
  return `${whole.length} cases are in ${visible(directory)}, each for diagnose --from-facts.${rest}`
}
