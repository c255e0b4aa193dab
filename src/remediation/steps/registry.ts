import { z } from 'zod'
import { transition } from '../../incidents/transition.ts'
import { type OpenedDiagnosis, withDiagnosis } from '../../incidents/watched-cluster.ts'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import { referenceOf } from '../../playbooks/image-pull/evidence/answers.ts'
import { RegistryError } from '../../registry/errors.ts'
import { type Text, text } from '../../text.ts'
import type { ActionFacts } from '../facts.ts'
import type { Step, StepContext, StepOutcome } from '../step.ts'
import { awaitReady } from './pods.ts'

/** Which registry to ask for which image, in the same way as the diagnosis did. */
export const imageQuestionSchema = z.object({
  image: z.string(),
  host: z.string(),
  repository: z.string(),
  reference: z.string(),
  service: z.object({ namespace: z.string(), name: z.string(), port: z.number(), tls: z.boolean() }).optional(),
})
type ImageQuestion = z.infer<typeof imageQuestionSchema>

/** Milliseconds that a registry may take to show an image after it was pushed. */
const imagePatience = 60_000

/** Waits until the registry has the image. If it cannot be asked from here, the kubelet finds out. */
export function imageAppears<D>(questionOf: (details: D) => ImageQuestion | undefined): Step<D> {
  return {
    id: 'image',
    title: () => 'Image in the registry',
    only: (details) => questionOf(details) !== undefined,
    async run(context) {
      const question = questionOf(context.details)
      return question ? waitForImage(context, question) : { step: 'done' }
    },
  }
}

type AskingContext = Pick<StepContext<unknown>, 'watched' | 'timing' | 'since' | 'now' | 'signal'>

export async function waitForImage(context: AskingContext, question: ImageQuestion): Promise<StepOutcome> {
  const { watched, timing, since, now, signal } = context
  const result = await withDiagnosis(watched, 'new', (opened) => findImage(opened, question, signal))
  if (result) return { step: 'done', result }
  if (now().getTime() - since.getTime() > imagePatience)
    return { step: 'failed', reason: text`The build succeeded, and the registry does not have ${question.image}.` }
  return { step: 'wait', ms: timing.poll, result: text`not yet` }
}

/** Returns what a registry says about an image, or why it does not say. undefined: it does not have the image. */
async function findImage(
  { registry, permissions, settings }: OpenedDiagnosis,
  { host, repository, reference, service }: ImageQuestion,
  signal: AbortSignal,
): Promise<Text | undefined> {
  if (!permissions.registry) return text`not asked: registries may not be asked`
  const credential = await settings.login(host)
  try {
    const answer = await registry.manifest({ host, repository, reference, credential, service, signal })
    if (answer.status === 'found') return answer.digest ? text`${answer.digest}` : text`it exists`
    return answer.status === 'missing' ? undefined : text`unknown from here: ${answer.status}`
  } catch (error) {
    if (!(error instanceof RegistryError) || signal.aborted) throw error
    return text`could not be asked from here`
  }
}

/** Milliseconds that a registry may take to listen after its pod is ready, because many have no readiness probe. */
const answerPatience = 60_000

/** Waits until a registry answers. Any answer of its own counts, also a request to log in. */
export function registryAnswers<D>(of: (details: D) => ServiceQuestion): Step<D> {
  return {
    id: 'answers',
    title: () => 'The registry answers',
    run: (context) => waitForAnswer(context, of(context.details)),
  }
}

type ServiceQuestion = Pick<ImageQuestion, 'host' | 'service'>

export async function waitForAnswer(context: AskingContext, question: ServiceQuestion): Promise<StepOutcome> {
  const { watched, timing, since, now, signal } = context
  const result = await withDiagnosis(watched, 'new', (opened) => findAnswer(opened, question, signal))
  if (result) return { step: 'done', result }
  if (now().getTime() - since.getTime() > answerPatience)
    return { step: 'failed', reason: text`Its pods are new, and ${question.host} still does not answer from here.` }
  return { step: 'wait', ms: timing.poll, result: text`not yet` }
}

/** undefined: the registry does not answer, or only with an error of its server. */
async function findAnswer(
  { registry, permissions, settings }: OpenedDiagnosis,
  { host, service }: ServiceQuestion,
  signal: AbortSignal,
): Promise<Text | undefined> {
  if (!permissions.registry) return text`not asked: registries may not be asked`
  try {
    const credential = await settings.login(host)
    const answer = await registry.repositories({ host, credential, service, signal })
    return answer.status === 'server-error' ? undefined : text`${host}`
  } catch (error) {
    if (!(error instanceof RegistryError) || signal.aborted) throw error
    const isUnasked = error.code === 'not-allowed' || error.code === 'login-unavailable'
    return isUnasked ? text`not asked from here` : undefined
  }
}

interface Ended {
  /** Whether the incident is about the build itself. */
  readonly ofBuild: boolean
  readonly destinations: readonly string[]
}

/** Ends an incident about a build when the build has succeeded. Any other incident ends when its pods are ready. */
export function endBuildIncident<D>(of: (details: D) => Ended): Step<D> {
  const ready = awaitReady<D>()
  return {
    ...ready,
    async run(context) {
      const { ofBuild, destinations } = of(context.details)
      if (!ofBuild) return ready.run(context)
      const { incidents, queue, now } = context
      const { name } = context.memoryOf('create')
      const job = rawFields.text(name)
      const proof = [text`Job ${job} has built and pushed ${destinations.join(', ')}`]
      await incidents.change(context.approval.incident, (before) =>
        transition(before, { what: 'ended', at: now().toISOString(), how: 'fixed', proof }),
      )
      await queue.add('sync-thread', context.approval.incident)
      return { step: 'done', result: text`no pod waits for it` }
    },
  }
}

/** Returns how to ask the registry for an image. undefined: the image's name is not valid. */
export function imageQuestion(image: string, service: ActionFacts['service']): ImageQuestion | undefined {
  const reference = referenceOf(image)
  if (!reference) return undefined
  const { host, repository, tag, digest } = reference
  const own = service.known ? service.value?.own : undefined
  return { image, host, repository, reference: digest ?? tag ?? 'latest', ...(own && { service: own }) }
}
