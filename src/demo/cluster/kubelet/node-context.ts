import type { Live } from '../live.ts'
import type { GoHttp } from '../network/go-http.ts'
import type { Network } from '../network/network.ts'
import type { Backoff } from './backoff.ts'
import type { KubeletOptions } from './kubelet-options.ts'
import type { NodeImage } from './node-image.ts'
import type { Puller } from './pull-image.ts'
import type { Volumes } from './volumes.ts'

/** An image on a node, and which credentials it was pulled with. */
export interface PulledImage extends NodeImage {
  /** None: anybody may have it. By the secret's coordinates. */
  readonly pulledWith: ReadonlySet<string>
}

/** What the kubelet of one node works with. */
export interface NodeContext extends Live {
  readonly node: string
  readonly puller: Puller
  /** HTTP of its pods, which know the names of Services. */
  readonly podHttp: GoHttp
  readonly network: Network
  readonly volumes: Volumes
  readonly timing: KubeletOptions
  /** By name with tag or digest. */
  readonly images: Map<string, PulledImage>
  readonly imageBackoff: Backoff
  /** What the last pull said, while its back-off lasts; by the back-off's key. */
  readonly lastFailures: Map<string, string>
  /** By `namespace/pod/container`; with ` previous` behind it, of the container before. */
  readonly logs: Map<string, string>
}
