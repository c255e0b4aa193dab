import type { ImageReport, ImageUser, PreflightReport } from '../../../preflight/report.ts'
import { visible } from '../../../text.ts'
import { explanationOf, headlineOf, totalsOf } from './answers.ts'

/** Annotations for each place that names an image. At most ten of a kind are shown by GitHub, so the worst come first. */
export function preflightGithub(report: PreflightReport, strict: boolean): string {
  const troubled = report.images.filter(({ checked }) => checked.status !== 'pulls' || checked.notes.length > 0)
  const lines = [
    ...troubled.flatMap((image) => image.users.map((user) => annotation(image, user, strict))),
    ...report.unreadable.map(({ file, line, why }) => command('warning', { file, line, title: 'Not read' }, why)),
    visible(totalsOf(report)),
  ]
  return `${lines.join('\n')}\n`
}

function annotation(report: ImageReport, { place }: ImageUser, strict: boolean): string {
  const { status } = report.checked
  const level = status === 'fails' || (status === 'unknown' && strict) ? 'error' : 'warning'
  const title = status === 'pulls' ? 'Image can be pulled, but' : headlineOf(report)
  return command(level, { ...place, title }, `${report.image}: ${explanationOf(report)}`)
}

type Properties = Readonly<Record<string, string | number | undefined>>

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions; escaped as @actions/core does. */
function command(level: 'error' | 'warning', properties: Properties, message: string): string {
  const written = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escaped(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`],
  )
  return `::${level} ${written.join(',')}::${escaped(message)}`
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
