import type { Pod } from '../kubernetes/resources.ts'
import type { Diagnosis } from '../playbooks/image-pull/diagnosis.ts'
import { referenceOf } from '../playbooks/image-pull/reference-of.ts'
import { apiHost } from '../registry/public-registries.ts'
import { type Workload, workloadOfPod } from '../target/workload-of-pod.ts'
import type { Failure } from './failure.ts'

/** What a diagnosis found to fail where the pod's status alone does not tell: a build Job, a container that crashed. */
export function failureOfDiagnosis(
  { target, failing }: Diagnosis,
  pod: Pod | undefined,
  now: Date,
): Failure | undefined {
  const [first] = failing
  if (!first) return undefined
  const { cluster, namespace, node } = target
  return {
    cluster,
    namespace,
    pod: target.pod,
    uid: pod?.metadata.uid ?? '',
    node,
    workload: pod ? workloadOfPod(pod) : workloadOf(target),
    image: first.image,
    host: first.host ?? apiHost(referenceOf(first.image)?.host ?? ''),
    at: first.at,
    secrets: pod?.spec.imagePullSecrets.map(({ name }) => name).toSorted() ?? [],
    since: pod?.metadata.creationTimestamp || now.toISOString(),
  }
}

function workloadOf({ namespace, owner, pod }: Diagnosis['target']): Workload {
  const { kind, name } = owner ?? { kind: 'Pod', name: pod }
  return { kind, name, key: `${namespace}/${kind}/${name}` }
}
