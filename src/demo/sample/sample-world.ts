import type { LiveCluster } from '../cluster/live-cluster.ts'
import type { SampleServers } from './sample-servers.ts'

/** What situations are made of, and mended with. */
export interface SampleWorld {
  readonly cluster: LiveCluster
  readonly servers: SampleServers
  /** As `kubectl apply`; throws what the API server refuses. `manager`: who does it. */
  apply(manifests: string, manager?: string): Promise<void>
}
