import type { Pod, Resource } from '../kubernetes/resources.ts'
import type { Text } from '../text.ts'
import type { TargetKind } from './target-kind.ts'

/** What a target turned out to be. */
export type Located =
  /** The pods that it means, the one to look at first: failing before others, then the newest. */
  | { readonly found: 'pods'; readonly pods: readonly [Pod, ...Pod[]]; readonly note?: Text }
  /** The owner is there, and has no pod now. */
  | { readonly found: 'owner'; readonly kind: OwnerKind; readonly owner: Owner }
  /** `unseen`: what could not be looked at, in words: "pods in shop". */
  | { readonly found: 'none'; readonly candidates: readonly string[]; readonly unseen: readonly string[] }
  /** Each candidate is a target again: `shop/web-1`, `shop/deployment/web`. The failing ones come first. */
  | { readonly found: 'several'; readonly candidates: readonly string[] }

export type OwnerKind = Exclude<TargetKind, 'pods'>
export type Owner = Resource<'deployments'> | Resource<'jobs'> | Resource<'cronjobs'>
