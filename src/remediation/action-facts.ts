import type { Build } from '../builds/build.ts'
import type { BuildReading } from '../builds/read-build.ts'
import type { Observation } from '../diagnosis/observation.ts'
import type { GitFile } from '../gitops/file-of.ts'
import type { Pod } from '../kubernetes/resources.ts'
import type { GitBuilds } from '../playbooks/image-pull/checks/git-builds.ts'
import type { ImageBuilds } from '../playbooks/image-pull/checks/image-builds.ts'
import type { ManifestSeen } from '../playbooks/image-pull/checks/manifest.ts'
import type { Owner } from '../playbooks/image-pull/checks/owner.ts'
import type { RegistryBackend } from '../playbooks/image-pull/checks/registry-backend.ts'
import type { RegistryService } from '../playbooks/image-pull/checks/registry-service.ts'
import type { ContainerDiagnosis } from '../playbooks/image-pull/diagnosis.ts'

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
