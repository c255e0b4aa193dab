import { z } from 'zod'
import { transition } from '../../incidents/transition.ts'
import { rawFields } from '../../kubernetes/cluster-client.ts'
import { referenceOf } from '../../playbooks/image-pull/evidence/answers.ts'
import { RegistryError } from '../../registry/errors.ts'
import { text } from '../../text.ts'
import type { ActionFacts } from '../facts.ts'
import type { Step } from '../step.ts'
import { awaitReady } from './pods.ts'

/** Where an image is asked for, as a diagnosis asked. */
export const imageQuestionSchema = z.object({
  image: z.string(),
  host: z.string(),
  repository: z.string(),
  reference: z.string(),
  service: z.object({ namespace: z.string(), name: z.string(), port: z.number(), tls: z.boolean() }).optional(),
})
type ImageQuestion = z.infer<typeof imageQuestionSchema>

/** Milliseconds that a registry may take to know what was pushed. */
const patience = 60_000

/** Looks whether the registry now has the image. Where it cannot be asked from here the kubelet will tell. */
export function imageAppears<D>(questionOf: (details: D) => ImageQuestion | undefined): Step<D> {
  return {
    id: 'image',
    title: () => 'Image in the registry',
    only: (details) => questionOf(details) !== undefined,
    async run({ now, timing, watched, details, since, signal }) {
      const question = questionOf(details)
      if (!question) return { step: 'done' }
      const { image, host, repository, reference, service } = question
      const { registry, permissions, settings } = watched.openDiagnosis()
      if (!permissions.registry) return { step: 'done', result: text`not asked: no registry may be` }
      const credential = await settings.login(host)
      try {
        const answer = await registry.manifest({ host, repository, reference, credential, service, signal })
        if (answer.status === 'found')
          return { step: 'done', result: answer.digest ? text`${answer.digest}` : text`it is there` }
        if (answer.status !== 'missing') return { step: 'done', result: text`not told from here: ${answer.status}` }
      } catch (error) {
        if (!(error instanceof RegistryError) || signal.aborted) throw error
        return { step: 'done', result: text`could not be asked from here` }
      }
      if (now().getTime() - since.getTime() > patience)
        return { step: 'failed', reason: text`The build succeeded, and the registry does not have ${image}.` }
      return { step: 'wait', ms: timing.poll, result: text`not yet` }
    },
  }
}

/** Milliseconds that a registry may take to listen once its pod is ready; a probe is often missing. */
const answerPatience = 60_000

/** Asks a registry whether it is there. Any answer of its own will do: that it wants a login is one, too. */
export function registryAnswers<D>(of: (details: D) => Pick<ImageQuestion, 'host' | 'service'>): Step<D> {
  return {
    id: 'answers',
    title: () => 'The registry answers',
    async run({ now, timing, watched, details, since, signal }) {
      const { host, service } = of(details)
      const { registry, permissions, settings } = watched.openDiagnosis()
      if (!permissions.registry) return { step: 'done', result: text`not asked: no registry may be` }
      try {
        const credential = await settings.login(host)
        const answer = await registry.repositories({ host, credential, service, signal })
        if (answer.status !== 'server-error') return { step: 'done', result: text`${host}` }
      } catch (error) {
        if (!(error instanceof RegistryError) || signal.aborted) throw error
        if (error.code === 'not-allowed') return { step: 'done', result: text`not asked from here` }
      }
      if (now().getTime() - since.getTime() > answerPatience)
        return { step: 'failed', reason: text`Its pods are new, and ${host} still does not answer from here.` }
      return { step: 'wait', ms: timing.poll, result: text`not yet` }
    },
  }
}

interface Ended {
  /** The incident is about the build itself. */
  readonly ofBuild: boolean
  readonly destinations: readonly string[]
}

/** An incident about a build is over when a build has passed; any other, when its pods are ready. */
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

/** How to ask the registry for an image. undefined: it is no name that could be asked for. */
export function imageQuestion(image: string, service: ActionFacts['service']): ImageQuestion | undefined {
  const reference = referenceOf(image)
  if (!reference) return undefined
  const { host, repository, tag, digest } = reference
  const own = service.known ? service.value?.own : undefined
  return { image, host, repository, reference: digest ?? tag ?? 'latest', ...(own && { service: own }) }
}
