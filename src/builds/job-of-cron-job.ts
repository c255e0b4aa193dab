import { rawFields } from '../kubernetes/raw-fields.ts'
import type { Manifest, RawObject } from '../kubernetes/raw-object.ts'
import { cleanTemplate } from './clean-template.ts'
import type { CloneOptions } from './clone-job.ts'

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
