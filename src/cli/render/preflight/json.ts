import type { ImageReport, PreflightReport } from '../../../preflight/report.ts'
import { chainJson, type Measured, verdictJson } from '../json.ts'
import { sentence } from '../text.ts'

/** The object that `preflight -o json` prints: a public contract. */
export function preflightJson({ images, skipped, unreadable, unseen }: PreflightReport, measured: Measured): object {
  const count = (status: ImageReport['checked']['status']): number =>
    images.filter(({ checked }) => checked.status === status).length
  return {
    images: images.map(imageJson),
    summary: { images: images.length, pulls: count('pulls'), fails: count('fails'), unknown: count('unknown') },
    skipped: Object.fromEntries(skipped),
    unreadable,
    unseen,
    ...measured,
  }
}

function imageJson({ image, checked, nodePlatforms, users }: ImageReport): object {
  const { status, platforms, digest } = checked
  const failing = checked.status === 'fails' ? checked.diagnosis : undefined
  return {
    ...{ image, status },
    verdict: failing ? { ...verdictJson(failing.verdict), verify: [] } : null,
    chain: failing ? chainJson(failing) : [],
    also: failing ? failing.also.map((it) => ({ ...verdictJson(it), verify: [] })) : [],
    undetermined: failing?.undetermined ?? [],
    reason: checked.status === 'unknown' ? checked.reason : null,
    notes: checked.notes.map(({ id, says }) => ({ id, says: sentence(says) })),
    digest: digest ?? null,
    platforms: platforms.map(({ os, architecture, variant }) => [os, architecture, variant].filter(Boolean).join('/')),
    nodePlatforms,
    users: users.map(({ kind, namespace, name, container, place }) => ({
      ...{ kind, namespace, name, container, file: place.file },
      line: place.line ?? null,
    })),
  }
}
