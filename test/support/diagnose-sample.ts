import { toPlaybookSettings } from '../../src/app/from-config.ts'
import { findPod, readTarget } from '../../src/cli/diagnose/diagnose.ts'
import { readConfiguration } from '../../src/config/read-configuration.ts'
import type { Sample } from '../../src/demo/sample/world.ts'
import { connectCluster } from '../../src/kubernetes/connect.ts'
import { diagnose, type World } from '../../src/playbooks/image-pull/diagnose.ts'
import { diagnoseOwner } from '../../src/playbooks/image-pull/diagnose-owner.ts'
import type { Diagnosis } from '../../src/playbooks/image-pull/model.ts'
import { createExecRoute } from '../../src/registry/access/exec.ts'
import { createProxyRoute } from '../../src/registry/access/service-proxy.ts'
import { createRegistry } from '../../src/registry/client.ts'

/** What the product says of a target in the sample cluster: by its kubeconfig, over HTTP, and with its registries. */
export async function diagnoseSample(sample: Sample, typed: string): Promise<Diagnosis> {
  const cluster = connectCluster({ kubeconfig: sample.kubeconfig })
  const { policy, resolve } = sample
  const registry = createRegistry({
    policy,
    resolve,
    routes: { proxy: createProxyRoute(cluster), exec: createExecRoute(cluster) },
  })
  const world: World = {
    cluster,
    registry,
    permissions: { secrets: true, registry: true },
    settings: toPlaybookSettings(readConfiguration(undefined), []),
    signal: AbortSignal.timeout(20_000),
    defect(where, error) {
      throw new Error(`a defect in ${where.id}`, { cause: error })
    },
  }
  const found = await findPod(cluster, readTarget(typed, {}), world.signal)
  return found.found === 'owner' ? diagnoseOwner(found.kind, found.owner, world) : diagnose(found.pods[0], world)
}
