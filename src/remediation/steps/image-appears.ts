import { z } from 'zod'
import { RegistryError } from '../../registry/registry-error.ts'
import { text } from '../../text.ts'
import type { Step } from '../step.ts'

/** Where an image is asked for, as a diagnosis asked. */
export const imageQuestionSchema = z.object({
  image: z.string(),
  host: z.string(),
  repository: z.string(),
  reference: z.string(),
  service: z.object({ namespace: z.string(), name: z.string(), port: z.number(), tls: z.boolean() }).optional(),
})
export type ImageQuestion = z.infer<typeof imageQuestionSchema>

/** Milliseconds that a registry may take to know what was pushed. */
const patience = 60_000

/** Looks whether the registry now has the image. Where it cannot be asked from here the kubelet will tell. */
export function imageAppears<D>(questionOf: (details: D) => ImageQuestion | undefined): Step<D> {
  return {
    id: 'image',
    title: () => 'Image in the registry',
    only: (details) => questionOf(details) !== undefined,
    async run({ world, watched, details, since, signal }) {
      const question = questionOf(details)
      if (!question) return { step: 'done' }
      const { image, host, repository, reference, service } = question
      const { registry, permissions, settings } = watched.world()
      if (!permissions.registry) return { step: 'done', result: text`not asked: no registry may be` }
      const credential = settings.login(host)
      try {
        const answer = await registry.manifest({ host, repository, reference, credential, service, signal })
        if (answer.status === 'found')
          return { step: 'done', result: answer.digest ? text`${answer.digest}` : text`it is there` }
        if (answer.status !== 'missing') return { step: 'done', result: text`not told from here: ${answer.status}` }
      } catch (error) {
        if (!(error instanceof RegistryError) || signal.aborted) throw error
        return { step: 'done', result: text`could not be asked from here` }
      }
      if (world.incidents.now().getTime() - since.getTime() > patience)
        return { step: 'failed', reason: text`The build succeeded, and the registry does not have ${image}.` }
      return { step: 'wait', ms: world.pauses.poll, result: text`not yet` }
    },
  }
}
