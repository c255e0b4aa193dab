import { check } from '../../../diagnosis/check.ts'
import type { ManifestAnswer } from '../../../registry/registry.ts'
import { NotAllowed, thePermissions, theRegistry } from '../inputs.ts'
import { reference } from './pod.ts'

/** An image that a registry gives to everybody, and that stays: whether the registry gives anything at all. */
const publicImages: Readonly<Record<string, { readonly repository: string; readonly reference: string }>> = {
  'docker.io': { repository: 'library/busybox', reference: 'latest' },
  'ghcr.io': { repository: 'fluxcd/source-controller', reference: 'v1.0.0' },
  'quay.io': { repository: 'prometheus/busybox', reference: 'latest' },
  'registry.k8s.io': { repository: 'pause', reference: '3.9' },
  'mcr.microsoft.com': { repository: 'hello-world', reference: 'latest' },
  'public.ecr.aws': { repository: 'docker/library/busybox', reference: 'latest' },
  'gcr.io': { repository: 'distroless/static', reference: 'latest' },
}

/** What the image's registry says, without a login, of an image that everybody may have. undefined: none of it is known. */
export const publicImage = check({
  id: 'public-image',
  doing: 'Asking its registry for a public image',
  needs: { registry: theRegistry, permissions: thePermissions, reference },
  async gather({ registry, permissions, reference }, signal): Promise<ManifestAnswer | undefined> {
    const host = reference.valid ? reference.reference.host : ''
    const known = Object.hasOwn(publicImages, host) ? publicImages[host] : undefined
    if (!known) return undefined
    if (!permissions.registry) throw new NotAllowed('no registry was asked: --registry-access none')
    return registry.manifest({ host, ...known, signal })
  },
})
