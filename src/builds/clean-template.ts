import { rawFields } from '../kubernetes/raw-fields.ts'

/** Labels that the Job controller writes on a Job and its pods: a new one gets its own. */
export const jobLabels: ReadonlySet<string> = new Set([
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
])

/** A Job's pod template without what belongs to that Job alone. */
export function cleanTemplate(template: unknown): Readonly<Record<string, unknown>> {
  const { metadata, ...rest } = rawFields.of(template)
  const { creationTimestamp: _, labels, ...marks } = rawFields.of(metadata)
  const kept = Object.entries(rawFields.of(labels)).filter(([key]) => !jobLabels.has(key))
  return { ...rest, metadata: { ...marks, labels: Object.fromEntries(kept) } }
}
