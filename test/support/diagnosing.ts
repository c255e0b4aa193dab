import { toPlaybookSettings } from '../../src/app/from-config.ts'
import { configurationSchema } from '../../src/config/configuration.ts'
import { diagnose } from '../../src/playbooks/image-pull/diagnose.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { memoryCluster } from '../../src/simulator/cluster/memory-cluster.ts'
import { busyCluster } from './busy-cluster.ts'

/** Returns a function that diagnoses a pod whose tag this registry does not have, and returns the verdict's cause. */
export async function diagnosing(host: string, open: () => Registry): Promise<() => Promise<string | undefined>> {
  const cluster = memoryCluster(busyCluster(host, ['app-0']))
  const [pod] = (await cluster.list('pods', { namespace: 'shop' })).items
  if (!pod) throw new Error('the cluster has no pod')
  const settings = toPlaybookSettings(configurationSchema.parse({}), [])
  return async () => {
    const diagnosis = await diagnose(pod, {
      ...{ cluster, settings, registry: open(), permissions: { secrets: true, registry: true } },
      signal: AbortSignal.timeout(60_000),
      defect(where, error) {
        throw new Error(`a defect in ${where.id}`, { cause: error })
      },
    })
    return diagnosis.failing[0]?.verdict.cause
  }
}
