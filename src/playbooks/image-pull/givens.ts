import { given } from '../../diagnosis/given.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Settings } from './settings.ts'

/** What the person who asks allows. */
export interface Permissions {
  readonly secrets: boolean
  readonly registry: boolean
}

export const theCluster = given<Cluster>('cluster')
export const theRegistry = given<Registry>('registry')
export const thePermissions = given<Permissions>('permissions')
export const thePod = given<Pod>('pod')
export const theSettings = given<Settings>('settings')
