/** What a registry keeps on its disk. */
export interface RegistryStorage {
  readonly repositories: Map<string, Repository>
  /** By digest. */
  readonly blobs: Map<string, Buffer>
}

export interface Repository {
  /** By digest. */
  readonly manifests: Map<string, StoredManifest>
  readonly tags: Map<string, string>
}

export interface StoredManifest {
  readonly mediaType: string
  readonly body: Buffer
}

export function registryStorage(): RegistryStorage {
  return { repositories: new Map(), blobs: new Map() }
}

/** The repository of that name, which its first image makes. */
export function repositoryIn(storage: RegistryStorage, name: string): Repository {
  const known = storage.repositories.get(name)
  if (known) return known
  const made: Repository = { manifests: new Map(), tags: new Map() }
  storage.repositories.set(name, made)
  return made
}
