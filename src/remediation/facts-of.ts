import { buildOfJob } from '../builds/find-builds.ts'
import type { Observation } from '../diagnosis/observation.ts'
import type { SubjectSeen } from '../incidents/look-at-subject.ts'
import type { Resource } from '../kubernetes/resources.ts'
import type { Owner } from '../playbooks/image-pull/checks/owner.ts'
import type { ActionFacts } from './action-facts.ts'

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
