import type { Build } from '../builds/build.ts'
import type { BuildsFound } from '../builds/builds.ts'
import { buildOfJob } from '../builds/builds.ts'
import type { BuildReading } from '../builds/log/read.ts'
import type { Check, Observation } from '../diagnosis/check.ts'
import type { GitFile } from '../gitops/files.ts'
import type { DiagnosedSubject } from '../incidents/investigation/subject.ts'
import type { Pod, Resource } from '../kubernetes/resources.ts'
import {
  buildReading,
  builds,
  type ImageBuilds,
  imageBuilds,
  ownBuildLog,
} from '../playbooks/image-pull/checks/builds.ts'
import {
  type RegistryBackend,
  type RegistryService,
  registryBackend,
  registryService,
} from '../playbooks/image-pull/checks/cluster-registry.ts'
import { type GitBuilds, gitBuilds, gitFile } from '../playbooks/image-pull/checks/git.ts'
import { type Owner, owner } from '../playbooks/image-pull/checks/owner.ts'
import { type ManifestSeen, manifest } from '../playbooks/image-pull/checks/registry.ts'
import type { ContainerDiagnosis } from '../playbooks/image-pull/model.ts'

const notAsked: Observation<never> = { known: false, reason: 'it was not checked' }

/** Reads the facts of a diagnosis that decide about actions. undefined: nothing fails, so there is nothing to do. */
export function readActionFacts({ diagnosis, pod, owner: subject, run }: DiagnosedSubject): ActionFacts | undefined {
  const [failing] = diagnosis.failing
  if (!failing) return undefined
  const readAnswer = <T>(check: Check<T>): Observation<T> => (run && check.answerIn(run)) ?? notAsked
  const owned = readAnswer(owner)
  const [job] = subject?.kind === 'jobs' ? buildOfJob(subject.object as Resource<'jobs'>) : [] // by its kind
  const build = (owned.known ? owned.value?.build : undefined) ?? job
  return {
    failing,
    pod,
    ownBuild: failing.verdict.cause === 'build-failed' && failing.at === 'nowhere' ? build : undefined,
    clusterBuilds: readAnswer(builds),
    builds: readAnswer(imageBuilds),
    reading: (run && buildReading.answerIn(run)) ?? readAnswer(ownBuildLog),
    backend: readAnswer(registryBackend),
    service: readAnswer(registryService),
    owner: owned,
    manifest: readAnswer(manifest),
    gitBuilds: readAnswer(gitBuilds),
    gitFile: readAnswer(gitFile),
  }
}

/** The facts of a diagnosis that decide about actions. What was not checked is unknown, and never absent. */
export interface ActionFacts {
  /** The container that the verdict is about. */
  readonly failing: ContainerDiagnosis
  /** Absent: the subject is an owner without pods. */
  readonly pod: Pod | undefined
  /** The build that is the incident's subject itself. */
  readonly ownBuild: Build | undefined
  /** All builds of the cluster. */
  readonly clusterBuilds: Observation<BuildsFound>
  /** The builds of the failing image. */
  readonly builds: Observation<ImageBuilds | undefined>
  readonly reading: Observation<BuildReading | undefined>
  readonly backend: Observation<RegistryBackend | undefined>
  readonly service: Observation<RegistryService | undefined>
  readonly owner: Observation<Owner | undefined>
  readonly manifest: Observation<ManifestSeen>
  readonly gitBuilds: Observation<GitBuilds>
  readonly gitFile: Observation<GitFile>
}
