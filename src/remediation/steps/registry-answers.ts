import { RegistryError } from '../../registry/registry-error.ts'
import { text } from '../../text.ts'
import type { Step } from '../step.ts'
import type { ImageQuestion } from './image-appears.ts'

/** Milliseconds that a registry may take to listen once its pod is ready; a probe is often missing. */
const patience = 60_000

/** Asks a registry whether it is there. Any answer of its own will do: that it wants a login is one, too. */
export function registryAnswers<D>(of: (details: D) => Pick<ImageQuestion, 'host' | 'service'>): Step<D> {
  return {
    id: 'answers',
    title: () => 'The registry answers',
    async run({ world, watched, details, since, signal }) {
      const { host, service } = of(details)
      const { registry, permissions, settings } = watched.world()
      if (!permissions.registry) return { step: 'done', result: text`not asked: no registry may be` }
      try {
        const answer = await registry.repositories({ host, credential: settings.login(host), service, signal })
        if (answer.status !== 'server-error') return { step: 'done', result: text`${host}` }
      } catch (error) {
        if (!(error instanceof RegistryError) || signal.aborted) throw error
        if (error.code === 'not-allowed') return { step: 'done', result: text`not asked from here` }
      }
      if (world.incidents.now().getTime() - since.getTime() > patience)
        return { step: 'failed', reason: text`Its pods are new, and ${host} still does not answer from here.` }
      return { step: 'wait', ms: world.pauses.poll, result: text`not yet` }
    },
  }
}
