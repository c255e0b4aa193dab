import type { ObjectKey } from './cluster.ts'
import type { Manifest, RawObject } from './raw-object.ts'
import type { ResourceName } from './resources.ts'

export interface RemoveOptions {
  /** It must still be this very object. */
  readonly uid: string
  /** And unchanged since. */
  readonly resourceVersion?: string
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan'
}

export interface PatchOptions {
  readonly type: 'merge' | 'strategic'
  readonly patch: Readonly<Record<string, unknown>>
  /** It must still be this very object, unchanged since. */
  readonly uid: string
  readonly resourceVersion: string
}

/**
 * What changes a cluster. Only `remediation/` gets it. Every method throws ClusterError: `conflict` where a precondition
 * does not hold, and `already-exists`, `invalid`. What has no certain outcome is never sent again by itself: whoever asked
 * looks first what became of it.
 */
export interface ClusterWrites {
  /** As the API server has it. undefined: it says that there is no such object. */
  raw(resource: ResourceName, key: ObjectKey, signal?: AbortSignal): Promise<RawObject | undefined>
  /** @param options.dryRun Everything but the object itself: admission, defaults, validation. */
  create(
    resource: ResourceName,
    namespace: string,
    manifest: Manifest,
    options: { readonly dryRun: boolean },
    signal?: AbortSignal,
  ): Promise<RawObject>
  /** `absent`: there is none of that name any more. */
  remove(
    resource: ResourceName,
    key: ObjectKey,
    options: RemoveOptions,
    signal?: AbortSignal,
  ): Promise<'removed' | 'absent'>
  patch(resource: ResourceName, key: ObjectKey, options: PatchOptions, signal?: AbortSignal): Promise<RawObject>
}
