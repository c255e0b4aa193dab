/** Milliseconds. A real kubelet's values are behind each. */
export interface KubeletOptions {
  /** Between two pulls of one image for one pod, doubled each time. 10 s, 300 s. */
  readonly imageBackoff: { readonly first: number; readonly most: number }
  /** Between two starts of a container that ends. 10 s, 300 s. */
  readonly crashBackoff: { readonly first: number; readonly most: number }
  /** Between two looks at a pod that waits. 10 to 15 s. */
  readonly sync: number
  /** Until a pod has its network. */
  readonly sandbox: number
  /** From a start until a readiness probe passes. */
  readonly readiness: number
  /** From SIGTERM until a container has ended. */
  readonly termination: number
  /** Until a connection that nobody answers is given up. 30 s. */
  readonly dial: number
  /** Of one step of a build. */
  readonly buildStep: number
}

/** Faster than a real one, so that something happens while people look. */
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
