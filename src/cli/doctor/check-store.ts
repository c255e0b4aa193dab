import type { ServiceSettings } from '../../config/service-settings.ts'
import { openStore } from '../../store/open.ts'
import { StoreError } from '../../store/store.ts'
import { plain } from '../../text.ts'
import type { Finding } from './finding.ts'

/** Redis as it is set up, or the directory of the embedded store. */
export async function lookAtStore({ redisUrl, dataDirectory }: ServiceSettings): Promise<readonly Finding[]> {
  const of = redisUrl ? 'Redis' : 'embedded store'
  const url = redisUrl?.reveal()
  try {
    const { store, close } = await openStore({
      ...(url && { redisUrl: url }),
      dataDirectory,
      keep: 1,
      onError: () => undefined,
    })
    try {
      await store.ping()
      const problems = await store.problems()
      if (problems.length > 0) return problems.map((problem) => ({ of, state: 'bad', says: plain(problem) }))
      return [
        { of, state: 'ok', says: redisUrl ? 'answers, keeps what it is given, and is new enough' : dataDirectory },
      ]
    } finally {
      await close()
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    if (error.code === 'in-use') return [{ of, state: 'ok', says: `${dataDirectory} is in use: imagepull runs` }]
    const fix = redisUrl
      ? 'Check REDIS_URL, and that the server runs.'
      : 'Set IMAGEPULL_DATA_DIR to a directory that can be written.'
    return [{ of, state: 'bad', says: error.message, fix }]
  }
}
