import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { configurationSchema } from '../../src/config/configuration.ts'
import { rows } from '../../src/messages/rows.ts'
import { createMetrics } from '../../src/observability/metrics.ts'
import { causes } from '../../src/playbooks/image-pull/causes.ts'
import { actions } from '../../src/remediation/actions.ts'

const causeFiles = new URL('../../src/playbooks/image-pull/causes/', import.meta.url).pathname

/** The text of deploy/reference.md, made from the code. */
export async function reference(): Promise<string> {
  return `# Reference

Generated from the code by \`npx vitest run --project unit test/reference.test.ts --update\`. A test fails if it is stale.

## Causes

The ids are stable: scripts, metrics and records use them. "text": the message alone decides. "facts": imagepull must look further.

${table(['id', 'decided by', 'meaning'], causeRows())}

## Configuration

\`IMAGEPULL_CONFIG\` names this YAML file. Write durations as \`90s\`, \`5m\`, \`12h\`, \`30d\`. Keys without a default are optional unless they
are marked as required.

${table(['key', 'type', 'default', 'meaning'], configurationRows())}

## Actions

${table(['name in `permissions`', 'button'], [...actions.map(({ id, label }) => [code(id), label])])}

## Metrics

imagepull serves these at \`/metrics\`, together with the metrics of the Node process.

${table(['name', 'type', 'meaning'], await metricRows())}
`
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((it) => it.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...body.map(line)].join('\n')
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}

function causeRows(): readonly (readonly string[])[] {
  const titles = new Map(rows.map(({ id, title }) => [id, title.replaceAll(/[{}]/g, '')]))
  const facts = new Map(causesWithFiles())
  const ids = [...new Set(causes.map(({ id }) => id))]
  return ids.map((id) => [code(id), facts.has(id) ? 'facts' : 'text', facts.get(id) ?? titles.get(id) ?? ''])
}

/** By id: the sentence that stands above the cause in its file. */
function causesWithFiles(): readonly (readonly [string, string])[] {
  const files = readdirSync(causeFiles, { recursive: true, encoding: 'utf8' }).filter((it) => it.endsWith('.ts'))
  return files.flatMap((file) => {
    const text = readFileSync(join(causeFiles, file), 'utf8')
    const found = /\/\*\*((?:(?!\*\/)[\s\S])+)\*\/\nexport const \w+ = pullCause\(\{\n\s*id: '([^']+)'/.exec(text)
    return found ? [[found[2] ?? '', oneLine(found[1] ?? '')] as const] : []
  })
}

function oneLine(comment: string): string {
  return comment.replaceAll(/\s*\n\s*\*\s?/g, ' ').trim()
}

interface Schema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly default?: unknown
  readonly description?: string
}

function configurationRows(): readonly (readonly string[])[] {
  return below('', z.toJSONSchema(configurationSchema, { io: 'input', unrepresentable: 'any' }) as Schema)
}

function below(path: string, { properties = {}, required = [] }: Schema): readonly (readonly string[])[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const key = path + name
    const inner = schema.items?.properties ? schema.items : schema
    if (!inner.properties) return [rowOf(key, schema, required.includes(name))]
    const list = inner === schema ? '' : '[]'
    const own = list ? [[code(key), 'list', '', schema.description ?? '']] : []
    return [...own, ...below(`${key}${list}.`, inner)]
  })
}

function rowOf(key: string, schema: Schema, required: boolean): readonly string[] {
  const of = schema.items ?? schema
  const values = of.enum?.map(code).join(', ') ?? of.type ?? 'text'
  const is = schema.items ? `list of ${values.replace('string', 'text')}` : values.replace('string', 'text')
  const usual = schema.default === undefined ? (required ? 'required' : '') : code(JSON.stringify(schema.default))
  return [code(key), is, usual, schema.description ?? '']
}

async function metricRows(): Promise<readonly (readonly string[])[]> {
  const metrics = createMetrics()
  metrics.observe({ jobs: async () => ({}), openIncidents: async () => 0 })
  const lines = [...(await metrics.text()).matchAll(/^# HELP (imagepull_\w+) (.*)\n# TYPE \w+ (\w+)$/gm)]
  return lines.map(([, name = '', help = '', type = '']) => [code(name), type, help])
}
