import type { ImageReport, PreflightReport } from '../../../preflight/report.ts'
import { visible } from '../../../text.ts'
import { bullet, type Colors, othersAndUnverified, reasonsAndRemedies, sentence } from '../text.ts'
import { headlineOf, placeName, totalsOf, userName } from './answers.ts'

/** One line an image, the worst first; then what to do; then how many. */
export function preflightText(report: PreflightReport, colors: Colors): string {
  const { images, unreadable, unseen } = report
  const width = Math.min(60, Math.max(0, ...images.map(({ image }) => image.length)))
  const troubled = images.filter(({ checked }) => checked.status === 'fails')
  const sections = [
    images.flatMap((it) => row(it, width, colors)),
    ...troubled.map((it) => details(it, colors)),
    unreadable.length > 0
      ? [
          colors.bold('Not read'),
          ...unreadable.map((it) => bullet(`${visible(it.file)}${it.line ? `:${it.line}` : ''}: ${visible(it.why)}`)),
        ]
      : [],
    unseen.length > 0 ? [colors.bold('Not checked'), ...unseen.map((it) => bullet(visible(it)))] : [],
    [totalsOf(report)],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function row(report: ImageReport, width: number, colors: Colors): string[] {
  const { checked, image, users } = report
  const marks = { fails: colors.red('✗'), unknown: colors.yellow('?'), pulls: colors.green('✓') }
  const mark = checked.status === 'pulls' && checked.notes.length > 0 ? colors.yellow('!') : marks[checked.status]
  const [first] = users
  const more = users.length > 1 ? ` and ${users.length - 1} more` : ''
  const where = colors.dim(`${first ? userName(first) : ''}${more}`)
  const why = checked.status === 'unknown' ? [visible(checked.reason)] : []
  const said = [...why, ...checked.notes.map(({ says }) => sentence(says))]
  return [
    `${mark} ${visible(image).padEnd(width)}  ${headlineOf(report)}  ${where}`,
    ...said.map((it) => `    ${colors.dim(it)}`),
  ]
}

/** Objects named for one image. */
const most = 5

function details({ image, checked, users }: ImageReport, colors: Colors): string[] {
  if (checked.status !== 'fails') return []
  const { verdict, chain } = checked.diagnosis
  const chained = chain.slice(1).map(({ title }) => title)
  const named = users.slice(0, most).map((it) => bullet(`${userName(it)}  ${colors.dim(placeName(it))}`))
  return [
    `${colors.bold(visible(image))}  ${colors.bold(colors.red(verdict.title))} (${verdict.confidence}, ${verdict.cause})`,
    sentence(verdict.summary),
    ...(chained.length > 0 ? [colors.dim(`Leads to: ${chained.join(' → ')}`)] : []),
    ...named,
    ...(users.length > most ? [bullet(`and ${users.length - most} more`)] : []),
    ...reasonsAndRemedies(checked.diagnosis, colors),
    ...othersAndUnverified(checked.diagnosis, colors),
  ]
}
