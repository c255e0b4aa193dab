import type pc from 'picocolors'
import type { ContainerDiagnosis, Diagnosis, PullFinding, Remedy } from '../../playbooks/image-pull/model.ts'
import { redact } from '../../secret.ts'
import { shell } from '../../shell.ts'
import { plain, type Text, visible } from '../../text.ts'

export type Colors = ReturnType<typeof pc.createColors>

/** Renders a diagnosis for a terminal, the most important part first. */
export function diagnosisText(diagnosis: Diagnosis, note: Text | undefined, colors: Colors): string {
  const sections = [
    head(diagnosis, colors),
    note ? [sentence(note)] : [],
    ...diagnosis.failing.map((it) => container(it, diagnosis.failing.length > 1, colors)),
    diagnosis.failing.length === 0 && diagnosis.note ? [sentence(diagnosis.note)] : [],
    diagnosis.route?.playbook ? [`See the playbook ${colors.bold(diagnosis.route.playbook)}.`] : [],
    diagnosis.failing.length > 0 ? [...impactLines(diagnosis, colors), ...changeLines(diagnosis, colors)] : [],
    unseen(diagnosis, colors),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function head({ target, healthy, failing }: Diagnosis, colors: Colors): string[] {
  const mark = healthy ? colors.green('✓') : failing.length > 0 ? colors.red('✗') : colors.yellow('!')
  const owner = target.owner && `${target.owner.kind} ${target.owner.name}`
  const subject = target.pod || owner || ''
  const where = [target.pod && owner, target.node && `node ${target.node}`, target.cluster]
  return [`${mark} ${colors.bold(`${target.namespace}/${subject}`)}  ${colors.dim(where.filter(Boolean).join(' · '))}`]
}

function container(of: ContainerDiagnosis, several: boolean, colors: Colors): string[] {
  const { verdict, chain } = of
  const chained = chain.slice(1).map((it) => it.title)
  return [
    ...(several ? [colors.dim(`container ${of.container}`)] : []),
    `${colors.bold(colors.red(verdict.title))} (${verdict.confidence}${verdict.cause === 'unknown' ? '' : `, ${verdict.cause}`})`,
    sentence(verdict.summary),
    ...(chained.length > 0 ? [colors.dim(`Leads to: ${chained.join(' → ')}`)] : []),
    ...reasonsAndRemedies(of, colors),
    ...part(
      'Then verify',
      verdict.verify.map((it) => step(it, colors)),
      colors,
    ),
    ...part(
      'Prevention',
      verdict.prevent.map((it) => bullet(sentence(it))),
      colors,
    ),
    ...othersAndUnverified(of, colors),
  ]
}

/** Why the verdict stands, and what to do. */
export function reasonsAndRemedies({ verdict }: ContainerDiagnosis, colors: Colors): string[] {
  const reasons = verdict.because.map((it) =>
    bullet(`${sentence(it.says)} ${colors.dim(`[${it.confidence}; ${visible(redact(it.source))}]`)}`),
  )
  return [...part('Why', reasons, colors), ...remedies(verdict, colors)]
}

export function remedies({ remedies: all }: ContainerDiagnosis['verdict'], colors: Colors): string[] {
  const lines = all.flatMap((it) => remedy(it, colors))
  return part('Do now', lines, colors)
}

/** What else was found, and which causes could not be verified. */
export function othersAndUnverified({ also, undetermined }: ContainerDiagnosis, colors: Colors): string[] {
  const others = also.map((it) => bullet(`${it.title}: ${sentence(it.summary)} (${it.confidence})`))
  const unverified = undetermined.map((it) => ({ what: it.cause, reason: it.reason }))
  return [...part('Also found', others, colors), ...part('Not verified', byReason(unverified, 'causes'), colors)]
}

export function part(title: string, lines: readonly string[], colors: Colors): string[] {
  return lines.length > 0 ? ['', colors.bold(title), ...lines] : []
}

export function bullet(line: string): string {
  return `  • ${line}`
}

function remedy(of: Remedy, colors: Colors): string[] {
  const title = bullet(sentence(of.title))
  if (of.kind === 'command') return [title, `      ${colors.cyan(shell(of))}`]
  if (of.kind === 'link') return [`${title}: ${of.url}`]
  if (of.kind === 'patch')
    return [
      of.file ? `${title} (${of.file})` : title,
      ...of.patch
        .trimEnd()
        .split('\n')
        .map((line) => `      ${colors.cyan(line)}`),
    ]
  return [title]
}

function step(of: PullFinding['verify'][number], colors: Colors): string {
  return 'argv' in of ? `      ${colors.cyan(shell(of))}` : bullet(sentence(of))
}

function impactLines({ impact }: Diagnosis, colors: Colors): string[] {
  if (!impact) return []
  const words = {
    down: colors.red('DOWN'),
    degraded: colors.yellow('DEGRADED'),
    serving: colors.green('STILL SERVING'),
    'no-traffic': 'serves no traffic',
  }
  const count = impact.desired > 0 ? `, ${impact.ready} of ${impact.desired} ready` : ''
  const without = impact.services.filter((service) => service.ready === 0).map((service) => service.name)
  const services = without.length > 0 ? `; no ready endpoint behind Service ${without.join(', ')}` : ''
  return [`${colors.bold('Impact')}  ${words[impact.state]}${count}${services}`]
}

function changeLines({ failing: [first] }: Diagnosis, colors: Colors): string[] {
  if (!first?.change) return []
  const { imageBefore, when, by, stillPulls } = first.change
  const whose = by ? ` by ${redact(by)}` : ''
  const still = { true: ', which the registry still has', false: ', which is gone from the registry too' }
  const known = stillPulls === undefined ? ', which the registry could not be asked about' : still[`${stillPulls}`]
  return [`${colors.bold('Change')}  since ${when}${whose}; before it was ${redact(imageBefore)}${known}`]
}

function unseen({ observations }: Diagnosis, colors: Colors): string[] {
  const unknown = observations.filter((it) => !it.known)
  const lines = byReason(
    unknown.map((it) => ({ what: it.check, reason: it.reason ?? '' })),
    'checks',
  )
  return lines.length > 0 ? [colors.bold('Not checked'), ...lines] : []
}

/** Names shown on one line for a shared reason. `-o json` lists all of them. */
const mostNames = 3

/** One line for each reason. If a reason applies to more than a few names, it comes first and only some names follow. */
function byReason(of: readonly { readonly what: string; readonly reason: string }[], many: string): string[] {
  const reasons = Map.groupBy(of, (it) => it.reason)
  return [...reasons].map(([reason, each]) => {
    const names = [...new Set(each.map((it) => it.what))]
    if (names.length <= mostNames) return bullet(`${names.join(', ')}: ${redact(reason)}`)
    const shown = names.slice(0, mostNames).join(', ')
    return bullet(`${redact(reason)} (${names.length} ${many}: ${shown} and ${names.length - mostNames} more)`)
  })
}

export function sentence(of: Text): string {
  return redact(plain(of))
}
