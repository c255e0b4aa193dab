import type { Credential } from '../../registry/credential.ts'

/** What whoever runs it has configured, and the playbook needs. */
export interface Settings {
  readonly gitops: {
    /** A checkout to read. Absent: files are only named. */
    readonly directory?: string | undefined
    /** Where a workload's manifest is: `apps/{namespace}/{name}-deployment.yaml`. */
    readonly workload: string
    /** Where manifests of builds are, with stars. */
    readonly builds: readonly string[]
  }
  /** Mirrors that nodes may use instead of a registry. */
  readonly mirrors: readonly { readonly host: string; readonly of: string }[]
  /** A registry that restarted so often is not repaired by another restart. */
  readonly registryRestarts: number
  /** Our own login of a registry: to see what it holds, never taken for what the pod may pull. */
  login(host: string): Credential | undefined
}
