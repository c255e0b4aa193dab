import type { Finding, ThreatenedWorkload } from '../../scan/findings.ts'
import type { NotFoundOut, ScanReport } from '../../scan/scan.ts'
import { counted, plain, visible } from '../../text.ts'
import { chainJson, type Measured, verdictJson } from './json.ts'
import { bullet, type Colors, remedies, sentence } from './text.ts'

/** The findings by cause, the worst first, each with what it threatens and what to do; then how many. */
export function scanText(report: ScanReport, colors: Colors): string {
  const byCause = [...Map.groupBy(report.findings, ({ cause }) => cause).values()]
  const sections = [
    ...byCause.map((findings) => causeLines(findings, colors)),
    report.unknown.length > 0 ? ['Could not be found out', ...report.unknown.map(unknownLine)] : [],
    report.unseen.length > 0 ? ['Not looked at', ...report.unseen.map((it) => bullet(visible(it)))] : [],
    report.failing.length > 0 ? failingLines(report.failing) : [],
    [totals(report)],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** Objects that are named in one place. */
const most = 5

function causeLines(findings: readonly Finding[], colors: Colors): string[] {
  const [first] = findings
  if (!first) return []
  const mark = first.level === 'fails' ? colors.red('✗') : colors.yellow('!')
  const sure = first.diagnosis ? ` (${first.diagnosis.verdict.confidence}, ${first.cause})` : ` (${first.cause})`
  return [`${mark} ${colors.bold(first.title)}${sure}`, ...findings.flatMap((it) => findingLines(it, colors))]
}

function findingLines({ image, summary, heldBy, workloads, diagnosis }: Finding, colors: Colors): string[] {
  const held = heldBy.length > 0 ? [bullet(`Nodes that list it still: ${listed(heldBy)}`)] : []
  const named = workloads.slice(0, most).map((it) => bullet(workloadLine(it, colors)))
  return [
    `  ${colors.bold(visible(image))}`,
    `  ${sentence(summary)}`,
    ...named,
    ...(workloads.length > most ? [bullet(`and ${workloads.length - most} more`)] : []),
    ...held,
    ...(diagnosis ? remedies(diagnosis.verdict, colors) : []),
  ]
}

function workloadLine({ kind, namespace, name, ready, desired, nodes, risk }: ThreatenedWorkload, colors: Colors) {
  const called = visible(`${namespace} ${kind}/${name}`)
  if (kind === 'CronJob') return `${called}: its next run`
  const where = nodes.length === 1 ? `, all on ${nodes[0]}` : ''
  const word = risk === 'down' ? colors.red('would be DOWN') : 'would be degraded'
  return `${called}: ${word} (${visible(`${ready} of ${desired} ready${where}`)})`
}

function unknownLine({ image, reason, workloads }: NotFoundOut): string {
  return bullet(`${visible(image)} (${plain(counted(workloads, 'container'))}): ${visible(reason)}`)
}

function failingLines(failing: readonly string[]): string[] {
  const rest = failing.length > most ? [bullet(`and ${failing.length - most} more`)] : []
  return ['Cannot pull already now: see diagnose', ...failing.slice(0, most).map((it) => bullet(visible(it))), ...rest]
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, most).map(visible).join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}

function totals({ findings, workloads, pods, images, unknown }: ScanReport): string {
  const fails = findings.filter(({ level }) => level === 'fails').length
  const changes = findings.length - fails
  const found = [
    ...(fails > 0 ? [`${fails} could not be pulled again`] : []),
    ...(changes > 0 ? [`${changes} would change or may fail later`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} could not be found out`] : []),
  ]
  const counts = [counted(workloads, 'workload'), counted(pods, 'pod'), counted(images, 'image')].map(plain).join(', ')
  return `${counts}: ${found.length > 0 ? found.join(', ') : 'all can be pulled again'}.`
}

/** The object that `scan -o json` prints: a public contract. */
export function scanJson(report: ScanReport, measured: Measured): object {
  const { findings, unknown, failing, workloads, pods, images, unseen } = report
  return { findings: findings.map(findingJson), unknown, failing, workloads, pods, images, unseen, ...measured }
}

function findingJson({ level, cause, image, title, summary, diagnosis, heldBy, workloads }: Finding): object {
  return {
    ...{ level, cause, image, title, summary: sentence(summary), heldBy, workloads },
    verdict: diagnosis ? { ...verdictJson(diagnosis.verdict), verify: [] } : null,
    chain: diagnosis ? chainJson(diagnosis) : [],
  }
}
