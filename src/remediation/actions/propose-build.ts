import { stringify } from 'yaml'
import { z } from 'zod'
import { findBuilds } from '../../builds/builds.ts'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import type { RawObject } from '../../kubernetes/raw-object.ts'
import { referenceOf } from '../../playbooks/image-pull/evidence/answers.ts'
import { text } from '../../text.ts'
import { action, type Offering, type PlanWorld } from '../action.ts'
import { tellDocument } from '../steps/set-image.ts'
import { cutName } from './wording.ts'

const detailsSchema = z.object({ file: z.string(), content: z.string() })
type Details = z.infer<typeof detailsSchema>

/** Writes down the build that nobody wrote: a manifest to commit. It changes nothing. */
export const proposeBuild = action<Details>({
  id: 'propose-build',
  label: 'Propose build Job',
  who: 'member',
  checkedAnew: false,
  details: detailsSchema,

  offer({ facts }): Offering {
    if (facts.failing.verdict.cause !== 'image-never-built') return undefined
    if (facts.builds.known && facts.builds.value?.exact.length) return undefined // one stands by
    const files = facts.gitBuilds.known ? facts.gitBuilds.value.files : undefined
    return (files?.length ?? 0) > 0 ? undefined : { offered: 'primary' }
  },

  async plan({ facts, incident }, world, signal) {
    const { image } = facts.failing
    const reference = referenceOf(image)
    if (!reference) return { refused: text`${image} is no image that could be built.` }
    const { namespace } = incident.subject
    const name = nameOf(reference.repository)
    const proposed = facts.gitBuilds.known ? facts.gitBuilds.value.proposed : undefined
    const file = proposed ?? `apps/${namespace}/${name}-build.yaml`
    const example = await exampleOf(world, reference.host, signal)
    const content = newFile(file, manifestOf({ namespace, name, image, example }))
    return {
      namespace,
      target: { kind: 'Job', namespace, name: `${name}-build`, uid: '' },
      details: { file, content },
      confirm: {
        title: 'Propose a build Job?',
        yes: 'Show it',
        says: [
          `Shows a Kaniko Job that pushes ${cutName(image, 80)}, to commit as ${cutName(file, 80)}.`,
          'Where its source is, is for you to fill in. Nothing is changed.',
        ],
      },
    }
  },

  needs: () => [],
  steps: [{ ...tellDocument<Details>((details) => details), title: () => 'Build Job to commit' }],
})

/** The last step of a repository, as a Job may be called. */
function nameOf(repository: string): string {
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
/** What a registry without TLS needs. What would leave out a check of its certificate is not taken over. */
const copied: ReadonlySet<string> = new Set(['--insecure', '--insecure-pull'])

async function exampleOf({ cluster, raw }: PlanWorld, host: string, signal: AbortSignal): Promise<Example> {
  const { builds } = await findBuilds(cluster, signal)
  const own = builds.find(
    (it) => it.kind === 'Job' && it.tool === 'kaniko' && it.destinations.some((to) => referenceOf(to)?.host === host),
  )
  const job = own && (await raw('jobs', { namespace: own.namespace, name: own.name }, signal))
  return (job && exampleIn(job)) ?? usual
}

function exampleIn({ spec }: RawObject): Example | undefined {
  const [container] = rawFields.list(rawFields.at(spec, 'template', 'spec', 'containers'))
  const executor = rawFields.text(container?.image)
  const args: readonly unknown[] = Array.isArray(container?.args) ? container.args : []
  const flags = args.flatMap((it) => (typeof it === 'string' && copied.has(it) ? [it] : []))
  return executor ? { executor, flags } : undefined
}

interface Wanted {
  readonly namespace: string
  readonly name: string
  readonly image: string
  readonly example: Example
}

function manifestOf({ namespace, name, image, example }: Wanted): string {
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

/** As `git apply` takes it. */
function newFile(path: string, content: string): string {
  const lines = content.trimEnd().split('\n')
  return [`--- /dev/null`, `+++ b/${path}`, `@@ -0,0 +1,${lines.length} @@`, ...lines.map((it) => `+${it}`), ''].join(
    '\n',
  )
}
