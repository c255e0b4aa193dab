import { given } from '../../diagnosis/run.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Pod } from '../../kubernetes/resources.ts'
import type { Reading } from '../../messages/read.ts'
import type { Kind } from '../../messages/row.ts'
import type { Credential } from '../../registry/auth/keyring.ts'
import type { Registry } from '../../registry/registry.ts'

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

/** What one container's image pull looks like from the API server. Plain JSON: a fact. */
export interface ContainerPull {
  readonly container: string
  readonly role: 'init' | 'container' | 'ephemeral'
  /** The image that is pulled: an image volume's where the kubelet's words name that one. */
  readonly image: string
  /** The image volume that it belongs to. */
  readonly volume?: string
  readonly policy: string
  /** `crashing`: pulled, and ended with an error. `waiting`: its turn has not come, or something else holds it up. */
  readonly state: 'failing' | 'pulling' | 'pulled' | 'crashing' | 'waiting'
  readonly waitingReason: string
  /** The words that tell most, and what they mean. Absent: nothing was said. */
  readonly said?: Said
  /** Everything that the words tell, the most specific first; the back-off and the throttle only where there is nothing else. */
  readonly kinds: readonly Kind[]
  /** Times of RFC 3339, where events still tell them. */
  readonly pullingSince?: string
  /** Seconds that this pull has taken so far. */
  readonly pullingFor?: number
  readonly lastFailure?: string
  /** Pull secrets that the kubelet did not find. */
  readonly secretsNotFound: readonly string[]
}

export interface Said {
  /** `forecast`: nobody said it yet. It stands for what the kubelet would say of a pod that does not exist. */
  readonly by: 'status' | 'event' | 'forecast'
  /** Redacted. */
  readonly message: string
  readonly reading: Reading
}

/** Whether a kubelet said something about this pull. A forecast is nobody's words. */
export function wasSaid(pull: ContainerPull): pull is ContainerPull & { readonly said: Said } {
  return pull.said !== undefined && pull.said.by !== 'forecast'
}

/** One image of the target: what the registry and the builds are asked about, once for all its containers. */
export interface PulledImage {
  readonly image: string
  /** The kubelet itself asked for an `http://` URL. */
  readonly plainHttp: boolean
  /** The kubelet's words show that the registry let it in: it says what is there and what is not. */
  readonly loggedIn?: boolean
}

export const thePull = given<ContainerPull>('pull')
export const theImage = given<PulledImage>('image')

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
  login(host: string): Promise<Credential | undefined>
}

/** Nobody looked, because the person who asked did not want it. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed'
  readonly code = 'not-allowed'
}
