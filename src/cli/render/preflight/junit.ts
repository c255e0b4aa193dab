import type { ImageReport, PreflightReport } from '../../../preflight/report.ts'
import { shell } from '../../../shell.ts'
import { visible } from '../../../text.ts'
import { sentence } from '../text.ts'
import { explanationOf, headlineOf, placeName, ruleOf, userName } from './answers.ts'

/** One test case for each image. What could not be found out is skipped, or with `strict` an error. */
export function preflightJunit({ images }: PreflightReport, strict: boolean, ms: number): string {
  const of = (status: ImageReport['checked']['status']): number =>
    images.filter(({ checked }) => checked.status === status).length
  const [failures, unknown] = [of('fails'), of('unknown')]
  const counts = { tests: images.length, failures, errors: strict ? unknown : 0, skipped: strict ? 0 : unknown }
  const attributes = { name: 'imagepull preflight', ...counts, time: (ms / 1_000).toFixed(3) }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributesOf(attributes)}>`,
    `  <testsuite ${attributesOf(attributes)}>`,
    ...images.map((it) => testCase(it, strict)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(report: ImageReport, strict: boolean): string {
  const { checked, image, users } = report
  const [user] = users
  const open = `    <testcase ${attributesOf({ classname: user ? `${user.namespace}.${user.kind}.${user.name}` : '', name: image, ...(user && { file: placeName(user) }) })}`
  if (checked.status === 'pulls' && checked.notes.length === 0) return `${open}/>`
  const inner = checked.status === 'pulls' ? output(explanationOf(report)) : problem(report, strict)
  return `${open}>\n${inner}\n    </testcase>`
}

function problem(report: ImageReport, strict: boolean): string {
  const { checked, users } = report
  const message = `${headlineOf(report)}: ${explanationOf(report)}`
  if (checked.status === 'unknown' && !strict) return `      <skipped ${attributesOf({ message })}/>`
  const element = checked.status === 'unknown' ? 'error' : 'failure'
  const remedies = checked.status === 'fails' ? checked.diagnosis.verdict.remedies : []
  const doing = remedies.map((it) => `${sentence(it.title)}${it.kind === 'command' ? `: ${shell(it)}` : ''}`)
  const body = [...users.map((it) => `${userName(it)} ${placeName(it)}`), ...doing].join('\n')
  return `      <${element} ${attributesOf({ type: ruleOf(report), message })}>${escaped(body)}</${element}>`
}

function output(text: string): string {
  return `      <system-out>${escaped(text)}</system-out>`
}

function attributesOf(of: Readonly<Record<string, string | number>>): string {
  return Object.entries(of)
    .map(([key, value]) => `${key}="${escaped(visible(String(value)))}"`)
    .join(' ')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Lines are kept; other control characters are none of XML's. */
function escaped(text: string): string {
  return text
    .split('\n')
    .map(visible)
    .join('\n')
    .replace(/[&<>"]/g, (it) => entities[it] ?? it)
}
