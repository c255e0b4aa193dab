import { stringify } from 'yaml'
import { z } from 'zod'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import type { RawObject } from '../../kubernetes/raw-object.ts'
import { referenceOf } from '../../playbooks/image-pull/evidence/answers.ts'
import { text } from '../../text.ts'
import { action, type Offering, type PlanWorld } from '../action.ts'
import type { ActionFacts } from '../facts.ts'
import { tellDocument } from '../steps/set-image.ts'
import { cutName } from './wording.ts'

const detailsSchema = z.object({ file: z.string(), content: z.string() })
type Details = z.infer<typeof detailsSchema>

/** Proposes a build for an image that no build pushes: a manifest to commit. It changes nothing in the cluster. */
export const proposeBuild = action<Details>({
  id: 'propose-build',
  label: 'Propose build Job',
  who: 'member',
  checkedAnew: false,
  details: detailsSchema,

  offer({ facts }): Offering {
    if (facts.failing.verdict.cause !== 'image-never-built') return undefined
    if (facts.builds.known && facts.builds.value?.exact.length) return undefined // a build of it exists
    const files = facts.gitBuilds.known ? facts.gitBuilds.value.files : undefined
    return (files?.length ?? 0) > 0 ? undefined : { offered: 'primary' }
  },

  async plan({ facts, incident }, { raw }, signal) {
    const { image } = facts.failing
    const reference = referenceOf(image)
    if (!reference) return { refused: text`${image} is not a valid image name, so no build can push it.` }
    const { namespace } = incident.subject
    const name = toJobName(reference.repository)
    const proposed = facts.gitBuilds.known ? facts.gitBuilds.value.proposed : undefined
    const file = proposed ?? `apps/${namespace}/${name}-build.yaml`
    const example = await findExample(facts.clusterBuilds, reference.host, raw, signal)
    const content = newFile(file, writeManifest({ namespace, name, image, example }))
    return {
      namespace,
      target: { kind: 'Job', namespace, name: `${name}-build`, uid: '' },
      details: { file, content },
      confirm: {
        title: 'Propose a build Job?',
        yes: 'Show it',
        sentences: [
          `Shows a Kaniko Job that pushes ${cutName(image, 80)}, to commit as ${cutName(file, 80)}.`,
          'You fill in where the source is. Nothing is changed.',
        ],
      },
    }
  },

  needs: () => [],
  steps: [{ ...tellDocument<Details>((details) => details), title: () => 'Build Job to commit' }],
})

/** Turns the last part of a repository into a valid name of a Job. */
function toJobName(repository: string): string {
  const last = repository.split('/').at(-1) ?? ''
  return (
    last
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'image'
  )
}

/** How other builds of this cluster push to that registry. */
interface Example {
  readonly executor: string
  readonly flags: readonly string[]
}

const usual: Example = { executor: 'ghcr.io/osscontainertools/kaniko:latest', flags: [] }
/** Flags for a registry without TLS. Flags that skip the check of a certificate are not copied. */
const copied: ReadonlySet<string> = new Set(['--insecure', '--insecure-pull'])

/** Finds a Kaniko Job that pushes to the same registry, among the builds that the diagnosis saw. */
async function findExample(
  seen: ActionFacts['clusterBuilds'],
  host: string,
  raw: PlanWorld['raw'],
  signal: AbortSignal,
): Promise<Example> {
  const builds = seen.known ? seen.value.builds : []
  const own = builds.find(
    (it) => it.kind === 'Job' && it.tool === 'kaniko' && it.destinations.some((to) => referenceOf(to)?.host === host),
  )
  const job = own && (await raw('jobs', { namespace: own.namespace, name: own.name }, signal))
  return (job && readExample(job)) ?? usual
}

function readExample({ spec }: RawObject): Example | undefined {
  const [container] = rawFields.list(rawFields.at(spec, 'template', 'spec', 'containers'))
  const executor = rawFields.text(container?.image)
  const args: readonly unknown[] = Array.isArray(container?.args) ? container.args : []
  const flags = args.flatMap((it) => (typeof it === 'string' && copied.has(it) ? [it] : []))
  return executor ? { executor, flags } : undefined
}

interface Proposal {
  readonly namespace: string
  readonly name: string
  readonly image: string
  readonly example: Example
}

function writeManifest({ namespace, name, image, example }: Proposal): string {
  const args = [`--context=git://YOUR-SOURCE`, '--dockerfile=Dockerfile', `--destination=${image}`, ...example.flags]
  return stringify({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${name}-build`, namespace },
    spec: {
      backoffLimit: 1,
      ttlSecondsAfterFinished: 86_400,
      template: {
        spec: { restartPolicy: 'Never', containers: [{ name: 'kaniko', image: example.executor, args }] },
      },
    },
  })
}

/** Writes a new file as a patch for `git apply`. */
function newFile(path: string, content: string): string {
  const lines = content.trimEnd().split('\n')
  return [`--- /dev/null`, `+++ b/${path}`, `@@ -0,0 +1,${lines.length} @@`, ...lines.map((it) => `+${it}`), ''].join(
    '\n',
  )
}
