import type { Container, Pod } from '../../../kubernetes/resources.ts'
import { type RegistryStorage, registryStorage } from '../../registry/storage.ts'
import type { GoHttp } from '../go-http.ts'
import type { Network } from '../network.ts'
import type { Live } from '../objects.ts'
import type { Puller } from './pull-image.ts'
import type { NodeImage } from './registry-client.ts'

/** An image on a node, and which credentials it was pulled with. */
export interface PulledImage extends NodeImage {
  /** The secrets it was pulled with. Empty: every pod may use it. */
  readonly pulledWith: ReadonlySet<string>
}

/** The context of the kubelet of one node. */
export interface NodeContext extends Live {
  readonly node: string
  readonly puller: Puller
  /** The HTTP client of its pods, which can resolve Services. */
  readonly podHttp: GoHttp
  readonly network: Network
  readonly volumes: Volumes
  readonly timing: KubeletOptions
  /** Images by name with tag or digest. */
  readonly images: Map<string, PulledImage>
  readonly imageBackoff: Backoff
  /** The last pull's error during the back-off, by the back-off's key. */
  readonly lastFailures: Map<string, string>
  /** By `namespace/pod/container`; with ` previous` behind it, of the container before. */
  readonly logs: Map<string, string>
}

/** Milliseconds. The comments give a real kubelet's values. */
export interface KubeletOptions {
  /** Pause between two pulls of one image for one pod, doubled each time. Real: 10 s, 300 s. */
  readonly imageBackoff: { readonly first: number; readonly most: number }
  /** Pause between two starts of a container. Real: 10 s, 300 s. */
  readonly crashBackoff: { readonly first: number; readonly most: number }
  /** Interval of checks of a waiting pod. Real: 10 to 15 s. */
  readonly sync: number
  /** Time until a pod has its network. */
  readonly sandbox: number
  /** Time from the start until a readiness probe passes. */
  readonly readiness: number
  /** Time from SIGTERM until a container has ended. */
  readonly termination: number
  /** Time until an unanswered connection times out. Real: 30 s. */
  readonly dial: number
  /** Duration of one step of a build. */
  readonly buildStep: number
}

/** Shorter times than a real kubelet's, for the demo. */
export const kubeletDefaults: KubeletOptions = {
  imageBackoff: { first: 5_000, most: 40_000 },
  crashBackoff: { first: 10_000, most: 80_000 },
  sync: 2_000,
  sandbox: 300,
  readiness: 1_000,
  termination: 800,
  dial: 5_000,
  buildStep: 900,
}

/** client-go's flowcontrol.Backoff: each key waits twice as long as the time before. */
interface Backoff {
  isWaiting(key: string, now: number): boolean
  next(key: string, now: number): number
  forget(beginning: string): void
}

export function backoff({ first, most }: { readonly first: number; readonly most: number }): Backoff {
  const entries = new Map<string, { readonly since: number; readonly wait: number }>()
  return {
    isWaiting(key, now) {
      const entry = entries.get(key)
      return entry !== undefined && now - entry.since < entry.wait
    },
    next(key, now) {
      const wait = Math.min(most, (entries.get(key)?.wait ?? first / 2) * 2)
      entries.set(key, { since: now, wait })
      return wait
    },
    forget(beginning) {
      for (const key of entries.keys()) if (key.startsWith(beginning)) entries.delete(key)
    },
  }
}

/** The storage of registries, by claim, or by pod if it is not persistent. */
export interface Volumes {
  of(key: string): RegistryStorage
  /** Removes the storage of a pod. */
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

export interface ProgramContext {
  readonly node: NodeContext
  readonly pod: Pod
  readonly container: Container
  readonly image: NodeImage
  readonly podIp: string
  /** Adds a line to the container's log. */
  log(line: string): void
  /** Aborted when the container is to end. */
  readonly signal: AbortSignal
}

/** A container's program. Returns its exit code. */
export type Program = (context: ProgramContext) => Promise<number>
