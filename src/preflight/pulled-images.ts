import type { Pod } from '../kubernetes/resources.ts'
import type { ContainerPull } from '../playbooks/image-pull/inputs.ts'
import { parseReference } from '../registry/reference.ts'

/** One image that a pod pulls. */
export interface PulledByPod extends Pick<ContainerPull, 'container' | 'role' | 'image' | 'volume'> {
  /** Always, IfNotPresent or Never. */
  readonly policy: string
}

/** Everything that a pod pulls, image volumes too. A container without an image gets one from an admission webhook. */
export function pullsOf({ spec, metadata }: Pod): readonly PulledByPod[] {
  const of = (role: ContainerPull['role'], containers: Pod['spec']['containers']): readonly PulledByPod[] =>
    containers
      .filter(({ image }) => image !== '' && !isInjected(image, metadata))
      .map(({ name, image, imagePullPolicy }) => ({
        ...{ container: name, role, image, policy: imagePullPolicy || usualPolicy(image) },
      }))
  const [first] = spec.containers
  const volumes = spec.volumes.flatMap(({ name, image }): readonly PulledByPod[] => {
    if (!image?.reference) return []
    const policy = image.pullPolicy || usualPolicy(image.reference)
    return [{ container: first?.name ?? name, role: 'container', image: image.reference, volume: name, policy }]
  })
  return [
    ...of('init', spec.initContainers),
    ...of('container', spec.containers),
    ...of('ephemeral', spec.ephemeralContainers),
    ...volumes,
  ]
}

/** Istio's webhook puts the proxy's image in the place of `auto`. */
function isInjected(image: string, { labels, annotations }: Pod['metadata']): boolean {
  return image === 'auto' && Object.keys({ ...labels, ...annotations }).some((key) => /istio\.io\//.test(key))
}

/** https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting */
function usualPolicy(image: string): string {
  const parsed = parseReference(image)
  if (!parsed.valid || parsed.reference.digest) return 'IfNotPresent'
  return (parsed.reference.tag ?? 'latest') === 'latest' ? 'Always' : 'IfNotPresent'
}
