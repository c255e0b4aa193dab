import { type RegistryStorage, registryStorage } from '../../registry/registry-storage.ts'

/** What registries keep: by the claim that holds it, or by the pod that it goes with. */
export interface Volumes {
  of(key: string): RegistryStorage
  /** What lived in a pod goes with it. */
  drop(key: string): void
}

export function sampleVolumes(): Volumes {
  const kept = new Map<string, RegistryStorage>()
  return {
    of(key) {
      const known = kept.get(key) ?? registryStorage()
      kept.set(key, known)
      return known
    },
    drop: (key) => void kept.delete(key),
  }
}
