import type { ImageReport, ImageUser, PreflightReport } from '../../../preflight/report.ts'
import { counted, plain, visible } from '../../../text.ts'
import { sentence } from '../text.ts'

/** What is said of an image in a few words, without the image. */
export function headlineOf({ checked }: ImageReport): string {
  if (checked.status === 'fails') return `${checked.diagnosis.verdict.title} (${checked.diagnosis.verdict.confidence})`
  return checked.status === 'unknown' ? 'Could not be found out' : 'Can be pulled'
}

/** The same in one or two sentences. */
export function explanationOf({ checked }: ImageReport): string {
  const notes = checked.notes.map(({ says }) => sentence(says))
  if (checked.status === 'pulls') return notes.join('; ')
  const first = checked.status === 'fails' ? sentence(checked.diagnosis.verdict.summary) : visible(checked.reason)
  return [first, ...notes].join(notes.length > 0 ? ' Note: ' : '')
}

/** `cannot-be-pulled` and so on, for formats that name rules: the cause where there is one. */
export function ruleOf({ checked }: ImageReport): string {
  if (checked.status === 'fails') return checked.diagnosis.verdict.cause
  return checked.status === 'unknown' ? 'not-found-out' : (checked.notes[0]?.id ?? 'can-be-pulled')
}

/** `shop Deployment/web (main)`. */
export function userName({ kind, namespace, name, container }: ImageUser): string {
  return visible(`${namespace} ${kind}/${name} (${container})`)
}

/** `shop/web.yaml:12`. */
export function placeName({ place }: ImageUser): string {
  return visible(place.line ? `${place.file}:${place.line}` : place.file)
}

/** How many of which: the last line of the text output. */
export function totalsOf({ images, skipped }: PreflightReport): string {
  const count = (status: ImageReport['checked']['status']): number =>
    images.filter(({ checked }) => checked.status === status).length
  const unknown = count('unknown')
  const others = [...skipped].toSorted(([, a], [, b]) => b - a).map(([kind, many]) => `${visible(kind)} ${many}`)
  const total = [...skipped.values()].reduce((sum, many) => sum + many, 0)
  const parts = [
    `${plain(counted(images.length, 'image'))}: ${count('pulls')} can be pulled, ${count('fails')} cannot`,
    ...(unknown > 0 ? [`${unknown} could not be found out`] : []),
  ]
  const without = total > 0 ? ` ${plain(counted(total, 'object'))} without a pod skipped (${others.join(', ')}).` : ''
  return `${parts.join(', ')}.${without}`
}
