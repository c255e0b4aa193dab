import { rawFields } from '../kubernetes/raw-fields.ts'
import type { Manifest, RawObject } from '../kubernetes/raw-object.ts'
import { cleanTemplate, jobLabels } from './clean-template.ts'

/** What the new Job is called, and what is written on it. */
export interface CloneOptions {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** Seconds that a finished Job is kept, where the old one says nothing: long enough to read its log. */
const keptFor = 86_400

// Marks of whoever applied the old one, or hooks of theirs: with them Argo CD or Flux would take the copy for its own, and
// prune it. `app.kubernetes.io/instance` is Argo CD's mark in its label mode.
const foreignMarks =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration$|batch\.kubernetes\.io\/|cronjob\.kubernetes\.io\/|argocd\.argoproj\.io\/|(?:kustomize|helm)\.toolkit\.fluxcd\.io\/|helm\.sh\/|meta\.helm\.sh\/|app\.kubernetes\.io\/(?:instance|managed-by)$|imagepull\.dev\/)/

/**
 * A new Job that does what the old one did. What the API server and controllers wrote into the old one is left out: of its
 * metadata only labels and annotations are taken over. `refusalToClone` says which Jobs are not to be copied.
 */
export function cloneJob({ metadata, spec }: RawObject, { name, labels, annotations }: CloneOptions): Manifest {
  const { selector: _, manualSelector: _manual, template, ...rest } = rawFields.of(spec)
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels: { ...ownMarks(metadata.labels), ...labels },
      annotations: { ...ownMarks(metadata.annotations), ...annotations },
    },
    spec: { ttlSecondsAfterFinished: keptFor, ...rest, suspend: false, template: cleanTemplate(template) },
  }
}

function ownMarks(of: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(rawFields.of(of)).filter(([key]) => !foreignMarks.test(key) && !jobLabels.has(key)),
  )
}
