import { type Build, buildOfJob } from '../builds/builds.ts'
import type { BuildReading } from '../builds/read.ts'
import type { Observation } from '../diagnosis/check.ts'
import type { GitFile } from '../gitops/files.ts'
import type { SubjectSeen } from '../incidents/subject.ts'
import type { Pod, Resource } from '../kubernetes/resources.ts'
import type { ImageBuilds } from '../playbooks/image-pull/checks/builds.ts'
import type { RegistryBackend, RegistryService } from '../playbooks/image-pull/checks/cluster-registry.ts'
import type { GitBuilds } from '../playbooks/image-pull/checks/git.ts'
import type { Owner } from '../playbooks/image-pull/checks/owner.ts'
import type { ManifestSeen } from '../playbooks/image-pull/checks/registry.ts'
import type { ContainerDiagnosis } from '../playbooks/image-pull/model.ts'

const nobodyAsked: Observation<never> = { known: false, reason: 'it was not looked at' }

/** undefined: nothing fails, so there is nothing to be done. */
export function factsOf({ diagnosis, pod, owner: itself, facts }: SubjectSeen): ActionFacts | undefined {
  const [failing] = diagnosis.failing
  if (!failing) return undefined
  const image = `/pod/${encodeURIComponent(failing.image)}`
  // A fact stands at the level that it is about: of the container, its image, the pod, or the cluster.
  const levels = [`${image}/${encodeURIComponent(failing.container)}`, image, '/pod', '']

  function seen<T>(id: string): Observation<T> {
    const of = levels.map((path) => facts.get(path)?.get(id)).find((it) => it !== undefined)
    return (of as Observation<T> | undefined) ?? nobodyAsked // the check of that id answers so
  }

  /** The first of these that was asked. */
  function either<T>(...ids: readonly string[]): Observation<T> {
    return ids.map((id) => seen<T>(id)).find((it) => it !== nobodyAsked) ?? nobodyAsked
  }

  const owner = seen<Owner | undefined>('owner')
  const [build] = itself?.kind === 'jobs' ? buildOfJob(itself.object as Resource<'jobs'>) : [] // by its kind
  const own = (owner.known ? owner.value?.build : undefined) ?? build
  return {
    failing,
    pod,
    ownBuild: failing.verdict.cause === 'build-failed' && failing.at === 'nowhere' ? own : undefined,
    builds: seen('image-builds'),
    reading: either('build-log', 'own-build-log'),
    backend: seen('registry-backend'),
    service: seen('registry-service'),
    owner,
    manifest: seen('manifest'),
    gitBuilds: seen('git-builds'),
    gitFile: seen('git-file'),
  }
}

/** What actions are decided by, of all that a diagnosis saw. What was not seen is unknown, never "not there". */
export interface ActionFacts {
  /** The container that the verdict is about. */
  readonly failing: ContainerDiagnosis
  /** Absent: the subject is an owner without pods. */
  readonly pod: Pod | undefined
  /** The subject itself is this build. */
  readonly ownBuild: Build | undefined
  readonly builds: Observation<ImageBuilds | undefined>
  readonly reading: Observation<BuildReading | undefined>
  readonly backend: Observation<RegistryBackend | undefined>
  readonly service: Observation<RegistryService | undefined>
  readonly owner: Observation<Owner | undefined>
  readonly manifest: Observation<ManifestSeen>
  readonly gitBuilds: Observation<GitBuilds>
  readonly gitFile: Observation<GitFile>
}
