import type { Container, Pod } from '../../../kubernetes/resources.ts'
import type { Credential } from '../../../registry/auth/keyring.ts'
import { parseReference, type Reference } from '../../../registry/reference.ts'
import { jsonObject } from '../api/store.ts'
import { recordEvent } from '../objects.ts'
import type { NodeContext, PulledImage } from './node.ts'
import { pullImage } from './pull-image.ts'
import {
  goDuration,
  imageName,
  invalidNameWords,
  type PullCredentials,
  PullFailure,
  pullCredentials,
} from './registry-client.ts'

/** The image on the node, or the reason why the container waits. */
export type Ensured =
  | { readonly image: PulledImage; readonly name: string }
  | { readonly reason: string; readonly message: string }

/** Checks for the image and pulls it if a pull is due: pkg/kubelet/images/image_manager.go, EnsureImageExists. */
export async function ensureImage(
  node: NodeContext,
  pod: Pod,
  container: Container,
  fieldPath: string,
  signal: AbortSignal,
): Promise<Ensured> {
  const { image, imagePullPolicy } = container
  const say = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    recordEvent(
      node,
      { kind: 'Pod', metadata: pod.metadata },
      { type, reason, message, component: 'kubelet', host: node.node, fieldPath },
    )
  const parsed = parseReference(image)
  if (!parsed.valid) {
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${invalidNameWords(image)}`
    say('Warning', 'InspectFailed', message)
    return { reason: 'InvalidImageName', message }
  }
  const { reference } = parsed
  const name = imageName(reference)
  const credentials = await pullCredentials(node, node.node, pod, reference)
  const known = imagePullPolicy === 'Always' ? undefined : node.images.get(name)
  const never = `Container image "${image}" is not present with pull policy of Never`
  if (imagePullPolicy === 'Never' && !(known && isAccessible(known, credentials))) {
    say('Warning', 'ErrImageNeverPull', never)
    return { reason: 'ErrImageNeverPull', message: never }
  }
  if (known && isAccessible(known, credentials)) {
    say('Normal', 'Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`)
    return { image: known, name }
  }
  if ('broken' in credentials) return { reason: credentials.broken, message: credentials.broken }
  return pull(node, pod, image, reference, { credentials: credentials.matching, say, signal })
}

/** Whether a pod may use an image that is on the node: it needs one of the secrets that the image was pulled with (KEP-2535). */
function isAccessible({ pulledWith }: PulledImage, credentials: PullCredentials): boolean {
  if (pulledWith.size === 0) return true
  return 'matching' in credentials && credentials.matching.some(({ source }) => pulledWith.has(source))
}

interface Pulling {
  readonly credentials: readonly Credential[]
  readonly say: (type: 'Normal' | 'Warning', reason: string, message: string) => void
  readonly signal: AbortSignal
}

async function pull(
  node: NodeContext,
  pod: Pod,
  image: string,
  reference: Reference,
  { credentials, say, signal }: Pulling,
): Promise<Ensured> {
  const key = `${pod.metadata.uid}_${image}`
  if (node.imageBackoff.isWaiting(key, node.clock.now())) {
    say('Normal', 'BackOff', `Back-off pulling image "${image}"`)
    return { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ${node.lastFailures.get(key)}` }
  }
  node.lastFailures.delete(key)
  say('Normal', 'Pulling', `Pulling image "${image}"`)
  const began = node.clock.now()
  const outcome = await pullWithAny(node, reference, credentials, signal)
  if (typeof outcome === 'string') {
    say('Warning', 'Failed', `Failed to pull image "${image}": ${outcome}`)
    node.imageBackoff.next(key, node.clock.now())
    node.lastFailures.set(key, `ErrImagePull: ${outcome}`)
    return { reason: 'ErrImagePull', message: outcome }
  }
  const took = goDuration(node.clock.now() - began)
  say(
    'Normal',
    'Pulled',
    `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${outcome.sizeBytes} bytes.`,
  )
  const name = imageName(reference)
  node.images.set(name, outcome)
  publishImages(node)
  return { image: outcome, name }
}

/** Tries each matching login in turn. Throws all messages if none works. */
async function pullWithAny(
  node: NodeContext,
  reference: Reference,
  credentials: readonly Credential[],
  signal: AbortSignal,
): Promise<PulledImage | string> {
  const said: string[] = []
  for (const credential of credentials.length > 0 ? credentials : [undefined]) {
    try {
      const image = await pullImage(node.puller, reference, credential, signal)
      return { ...image, pulledWith: new Set(credential ? [credential.source] : []) }
    } catch (error) {
      if (!(error instanceof PullFailure)) throw error
      said.push(error.message)
    }
  }
  return said.length === 1 ? (said[0] ?? '') : `[${said.join(', ')}]`
}

/** The kubelet's nodeStatusMaxImages. */
const most = 50

/** Writes the images into the node's status, the largest first. */
function publishImages({ store, images, node }: NodeContext): void {
  const listed = [...images]
    .map(([name, { digest, sizeBytes }]) => ({
      names: [...new Set([`${name.replace(/[:@][^/]*$/, '')}@${digest}`, name])],
      sizeBytes,
    }))
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, most)
  store.update('nodes', { name: node }, (object) => ({
    ...object,
    status: { ...jsonObject(object.status), images: listed },
  }))
}
