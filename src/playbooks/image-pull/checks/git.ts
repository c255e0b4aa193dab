import { buildOfJob } from '../../../builds/builds.ts'
import { matchBuilds } from '../../../builds/match.ts'
import { check, maybe } from '../../../diagnosis/check.ts'
import { parseManifests } from '../../../gitops/documents.ts'
import { fileOf, fillTemplate, type GitFile, readMatching } from '../../../gitops/files.ts'
import { resources } from '../../../kubernetes/resources.ts'
import { referenceOf } from '../evidence/answers.ts'
import { thePod, theSettings } from '../inputs.ts'
import { registryService } from './cluster-registry.ts'
import { owner } from './owner.ts'
import { reference } from './pod.ts'

/** Where Git has what made the pod. */
export const gitFile = check({
  id: 'git-file',
  doing: 'Looking for its file in Git',
  needs: { settings: theSettings, pod: thePod, owner },
  async gather({ settings, pod, owner }, signal): Promise<GitFile> {
    const { kind, name } = owner ?? { kind: 'Pod', name: pod.metadata.name }
    const { directory, workload } = settings.gitops
    return fileOf({ kind, namespace: pod.metadata.namespace, name }, [workload], directory, signal)
  },
})

export interface GitBuilds {
  /** Files with a Job that pushes this image. undefined: no checkout is configured, so nobody looked. */
  readonly files: readonly string[] | undefined
  /** Where a new one would be expected. */
  readonly proposed: string | undefined
}

/** Builds of this image that Git has, whether or not the cluster has them. */
export const gitBuilds = check({
  id: 'git-builds',
  doing: 'Looking for its build in Git',
  needs: { settings: theSettings, pod: thePod, reference, service: maybe(registryService) },
  async gather({ settings, pod, reference, service }, signal): Promise<GitBuilds> {
    const { directory, builds } = settings.gitops
    if (!reference.valid) return { files: undefined, proposed: undefined }
    const image = reference.reference
    const name = image.repository.split('/').at(-1) ?? ''
    const patterns = builds.flatMap((it) => fillTemplate(it, { namespace: pod.metadata.namespace, name }) ?? [])
    const proposed = patterns[0]?.replace('*', name).replaceAll('*', '')
    if (directory === undefined) return { files: undefined, proposed }
    const read = await Promise.all(patterns.map((pattern) => readMatching(directory, pattern, signal)))
    const files = new Map(read.flatMap((it) => it.files).map(({ path, content }) => [path, content]))
    const aliases = service.known && service.value ? service.value.aliases : []
    const building = [...files].filter(
      ([, content]) => matchBuilds(buildsIn(content), image, { aliases, parse: referenceOf }).exact.length > 0,
    )
    return { files: building.map(([path]) => path), proposed }
  },
})

function buildsIn(content: string) {
  return parseManifests(content).flatMap((document) => {
    const job = resources.jobs.schema.safeParse(document)
    return job.success && isJob(document) ? buildOfJob(job.data) : []
  })
}

function isJob(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'kind' in document && document.kind === 'Job'
}
