import { settingsOf } from '../../src/app/settings-of.ts'
import { findPod, readTarget } from '../../src/cli/find-pod.ts'
import { readConfiguration } from '../../src/config/read-configuration.ts'
import type { Sample } from '../../src/demo/sample/start-sample.ts'
import { connectCluster } from '../../src/kubernetes/connect-cluster.ts'
import { byExec } from '../../src/playbooks/image-pull/detours/by-exec.ts'
import { byServiceProxy } from '../../src/playbooks/image-pull/detours/by-service-proxy.ts'
import { diagnose, type World } from '../../src/playbooks/image-pull/diagnose.ts'
import { diagnoseOwner } from '../../src/playbooks/image-pull/diagnose-owner.ts'
import type { Diagnosis } from '../../src/playbooks/image-pull/diagnosis.ts'
import { createRegistry } from '../../src/registry/create-registry.ts'

/** What the product says of a target in the sample cluster: by its kubeconfig, over HTTP, and with its registries. */
export async function diagnoseSample(sample: Sample, typed: string): Promise<Diagnosis> {
  const cluster = connectCluster({ kubeconfig: sample.kubeconfig })
  const { policy, resolve } = sample
  const registry = createRegistry({
    policy,
    resolve,
    detours: { proxy: byServiceProxy(cluster), exec: byExec(cluster) },
  })
  const world: World = {
    cluster,
    registry,
    permissions: { secrets: true, registry: true },
    settings: settingsOf(readConfiguration(undefined), []),
    signal: AbortSignal.timeout(20_000),
    defect(where, error) {
      throw new Error(`a defect in ${where.id}`, { cause: error })
    },
  }
  const found = await findPod(cluster, readTarget(typed, {}), world.signal)
  return found.found === 'owner' ? diagnoseOwner(found.kind, found.owner, world) : diagnose(found.pods[0], world)
}
