import { createHash } from 'node:crypto'
import { rawFields } from '../kubernetes/cluster-client.ts'
import type { Manifest, RawObject } from '../kubernetes/raw-object.ts'

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

/** Labels that the Job controller writes on a Job and its pods: a new one gets its own. */
const jobLabels: ReadonlySet<string> = new Set([
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

/**
 * A run of a CronJob out of its turn, as `kubectl create job --from` makes one.
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/kubectl/pkg/cmd/create/create_job.go
 */
export function jobOfCronJob(cronJob: RawObject, { name, labels, annotations }: CloneOptions): Manifest {
  const { metadata } = cronJob
  const own = rawFields.of(rawFields.at(cronJob, 'spec', 'jobTemplate'))
  const marks = rawFields.of(own.metadata)
  const { template, ...rest } = rawFields.of(own.spec)
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels: { ...rawFields.of(marks.labels), ...labels },
      annotations: {
        ...rawFields.of(marks.annotations),
        'cronjob.kubernetes.io/instantiate': 'manual',
        ...annotations,
      },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid, controller: true },
      ],
    },
    spec: { ...rest, suspend: false, template: cleanTemplate(template) },
  }
}

/** Why a Job is not to be copied; completes a sentence that begins with it. undefined: it may be. */
export function refusalToClone({ metadata, spec }: RawObject): string | undefined {
  if (rawFields.at(spec, 'manualSelector') === true)
    return 'selects its pods by hand, so a copy would take those of the old one'
  const owner = rawFields.list(metadata.ownerReferences).find((it) => it.controller === true)
  if (!owner || owner.kind === 'CronJob') return undefined
  return `is made by ${rawFields.text(owner.kind)} ${rawFields.text(owner.name)}: that has to be run again`
}

/** A Job's name stands in a label of its pods, which takes 63 characters; this leaves room for their own. */
const baseLimit = 40
const suffix = /-r[0-9a-f]{8}$/

/**
 * The same for the same reasons: who creates it a second time is told that it is there. A rerun of a rerun has the name of
 * the first build, and another suffix.
 */
export function rerunName(base: string, ...reasons: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(reasons)).digest('hex').slice(0, 8)
  const short = base
    .replace(suffix, '')
    .slice(0, baseLimit)
    .replace(/[.-]+$/, '')
  return `${short}-r${hash}`
}
