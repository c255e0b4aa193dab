import type { Run } from '../../diagnosis/check.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import { diagnoseInRun, type World } from '../../playbooks/image-pull/diagnose.ts'
import { diagnoseOwner } from '../../playbooks/image-pull/diagnose-owner.ts'
import type { Diagnosis } from '../../playbooks/image-pull/model.ts'
import { targetKind } from '../../target/kind.ts'
import { locateTarget } from '../../target/locate.ts'
import { isPullWaiting } from '../../target/pods.ts'
import type { Owner, OwnerKind } from '../../target/target.ts'
import type { Failure } from '../failure.ts'
import type { Incident } from '../incident.ts'
import { type WatchedCluster, withDiagnosis } from '../watched-cluster.ts'

/** The diagnosis of an incident's subject, and the run that holds its facts. */
export interface DiagnosedSubject {
  readonly diagnosis: Diagnosis
  /** Absent: the subject's owner has no pod now. */
  readonly pod?: Pod
  /** The owner, if it has no pod. */
  readonly owner?: { readonly kind: OwnerKind; readonly object: Owner }
  /** The run of the container that the verdict is about. Absent: the subject has no pod, so no check ran. */
  readonly run?: Run
}

export interface SubjectOptions extends Pick<World, 'signal' | 'defect'> {
  readonly now: () => Date
  /** Whether recent answers of a registry are good enough. Default: `new`. */
  readonly answers?: 'recent' | 'new'
  /** Called when a pod was found, before it is diagnosed. It returns the receivers of the diagnosis' progress and facts. */
  onPod?(pod: Pod, time: Date): Pick<World, 'progress' | 'remember'>
}

/** Diagnoses the subject of an incident as it is now. undefined: the subject is gone. Throws ClusterError. */
export async function diagnoseSubject(
  { subject }: Pick<Incident, 'subject'>,
  watched: WatchedCluster,
  { signal, defect, now, answers = 'new', onPod }: SubjectOptions,
): Promise<DiagnosedSubject | undefined> {
  const found = await findSubject(watched.cluster, subject, signal)
  if (found.found === 'gone') return undefined
  return withDiagnosis(watched, answers, async (opened) => {
    const world = { ...opened, signal, defect }
    if (found.found === 'owner') {
      const { kind, owner: object } = found
      return { diagnosis: await diagnoseOwner(kind, object, world), owner: { kind, object } }
    }
    const time = now()
    const { diagnosis, run } = await diagnoseInRun(found.pod, { ...world, time, ...onPod?.(found.pod, time) })
    return { diagnosis, pod: found.pod, run }
  })
}

/** What an incident's subject is now. `gone`: neither the pod nor an owner that would create it again exists. */
type FoundSubject =
  | { readonly found: 'pod'; readonly pod: Pod }
  | { readonly found: 'owner'; readonly kind: OwnerKind; readonly owner: Owner }
  | { readonly found: 'gone' }

/** Finds the same pod while it fails. Otherwise it finds another pod of its workload, preferably one that fails. Throws ClusterError. */
async function findSubject(cluster: Cluster, subject: Failure, signal: AbortSignal): Promise<FoundSubject> {
  const { namespace, pod: name, uid, workload } = subject
  const pod = name ? await cluster.get('pods', { namespace, name }, signal) : undefined
  if (pod && pod.metadata.uid === uid && isPullWaiting(pod)) return { found: 'pod', pod }
  const kind = targetKind(workload.kind)
  if (!kind || kind === 'pods') return pod ? { found: 'pod', pod } : { found: 'gone' }
  const located = await locateTarget(cluster, { namespace, kind, name: workload.name }, signal)
  if (located.found === 'pods') return { found: 'pod', pod: located.pods[0] }
  return located.found === 'owner' ? { found: 'owner', kind: located.kind, owner: located.owner } : { found: 'gone' }
}
