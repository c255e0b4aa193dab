import type { Pod, Resource } from '../kubernetes/resources.ts'
import type { Text } from '../text.ts'
import type { TargetKind } from './parse-target.ts'

/** What a target turned out to be. */
export type Located =
  /** The pods that it means, the one to look at first: failing before others, then the newest. */
  | { readonly found: 'pods'; readonly pods: readonly [Pod, ...Pod[]]; readonly note?: Text }
  /** The owner is there, and has no pod now. */
  | { readonly found: 'owner'; readonly kind: TargetKind; readonly owner: Owner }
  /** Near names, the failing ones first, as `namespace/name`. `unseen`: namespaces or reasons that could not be looked at. */
  | { readonly found: 'none'; readonly candidates: readonly string[]; readonly unseen: readonly string[] }
  | { readonly found: 'several'; readonly candidates: readonly string[] }

export type Owner = Resource<'deployments'> | Resource<'jobs'> | Resource<'cronjobs'>
