import type { Configuration } from '../../config/configuration.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Registry } from '../../registry/registry.ts'
import { counted, plain } from '../../text.ts'
import type { Finding } from './finding.ts'

/** Checks that each configured registry with direct access answers. A 401 is an answer, too. */
export async function checkRegistries(
  registries: Configuration['registries'],
  registry: Registry,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const asked = registries.filter(({ access }) => access === 'auto' || access === 'direct')
  return Promise.all(
    asked.map(async ({ host }): Promise<Finding> => {
      const subject = `registry ${host}`
      try {
        const answer = await registry.repositories({ host, signal })
        return {
          subject,
          state: 'ok',
          message: answer.status === 'names' ? `reachable; ${holds(answer.names.length)}` : 'reachable',
        }
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error
        return {
          subject,
          state: 'warning',
          message: error.message,
          fix: 'Check its address, ca and plainHttp, or set access: proxy if it runs in the cluster.',
        }
      }
    }),
  )
}

function holds(repositories: number): string {
  return plain(counted(repositories, 'repository', 'repositories'))
}
