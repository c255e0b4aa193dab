import { z } from 'zod'
import { buildOfJob } from '../../builds/builds.ts'
import { cleanTemplate } from '../../builds/clone.ts'
import { matchBuilds } from '../../builds/match.ts'
import { parseManifests } from '../../gitops/documents.ts'
import { readMatching } from '../../gitops/files.ts'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import type { Manifest } from '../../kubernetes/raw-object.ts'
import { isKubernetesName, resources } from '../../kubernetes/resources.ts'
import { referenceOf } from '../../playbooks/image-pull/evidence/answers.ts'
import { type Text, text } from '../../text.ts'
import { canonicalHash } from '../canonical-hash.ts'

export const gitJobSchema = z.object({
  file: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** The hash of the manifest in Git. */
  hash: z.string(),
  destinations: z.array(z.string()),
})
export type GitJob = z.infer<typeof gitJobSchema>

/** The Job that is looked for in a file of the checkout. */
interface Wanted {
  readonly directory: string
  readonly file: string
  /** The image that it must push, and other names of its registry. */
  readonly image: string
  readonly aliases: readonly string[]
  /** The namespace that the Job must have, unless it names none. */
  readonly namespace: string
}

/** Characters. A manifest of a build is about one page. Aliases are not followed. */
const sizeLimit = 64 * 1_024

/**
 * Reads the build Job of a file that pushes an image. `refused`: a sentence. Nothing else of the file is applied: who
 * can write to the checkout decides what a build does, and nothing more.
 */
export async function readGitJob(
  wanted: Wanted,
  signal: AbortSignal,
): Promise<{ readonly job: GitJob; readonly manifest: Manifest } | { readonly refused: Text }> {
  const { directory, file, namespace } = wanted
  const { files } = await readMatching(directory, file, signal)
  const [only] = files
  if (!only) return { refused: text`${file} is not in the checkout.` }
  if (only.content.length > sizeLimit) return { refused: text`${file} is larger than ${sizeLimit} characters.` }
  const jobs = parseManifests(only.content).flatMap((document) => jobIn(document, wanted))
  const [job, another] = jobs
  if (!job) return { refused: text`${file} has no Job that pushes ${wanted.image}, or not as plain YAML.` }
  if (another) return { refused: text`${file} has several Jobs that push ${wanted.image}.` }
  const own = rawFields.text(rawFields.at(job.document, 'metadata', 'namespace')) || namespace
  if (own !== namespace) return { refused: text`${file} is for the namespace ${own}.` }
  const name = rawFields.text(rawFields.at(job.document, 'metadata', 'name'))
  if (!isKubernetesName(name)) return { refused: text`${file} gives its Job no name.` }
  const manifest = toManifest(job.document, namespace, name)
  const { destinations } = job
  return { job: { file, namespace, name, hash: canonicalHash(manifest), destinations }, manifest }
}

function jobIn(document: unknown, { image, aliases }: Wanted) {
  if (rawFields.at(document, 'kind') !== 'Job' || rawFields.at(document, 'apiVersion') !== 'batch/v1') return []
  const parsed = resources.jobs.schema.safeParse(document)
  const reference = referenceOf(image)
  if (!parsed.success || !reference) return []
  const builds = buildOfJob(parsed.data)
  const { exact } = matchBuilds(builds, reference, { aliases, parse: referenceOf })
  return exact.map(({ destinations }) => ({ document, destinations: [...destinations] }))
}

/** Keeps only what describes the Job: no finalizers, owners or status. */
function toManifest(document: unknown, namespace: string, name: string): Manifest {
  const metadata = rawFields.of(rawFields.at(document, 'metadata'))
  const { template, ...spec } = rawFields.of(rawFields.at(document, 'spec'))
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      labels: rawFields.of(metadata.labels),
      annotations: rawFields.of(metadata.annotations),
    },
    spec: { ...spec, template: cleanTemplate(template) },
  }
}
