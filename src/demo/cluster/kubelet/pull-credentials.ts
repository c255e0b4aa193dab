import type { Pod } from '../../../kubernetes/resources.ts'
import type { Credential } from '../../../registry/credential.ts'
import { matchCredentials } from '../../../registry/match-credentials.ts'
import type { Reference } from '../../../registry/parse-reference.ts'
import { type PullSecret, readPullSecret } from '../../../registry/read-pull-secret.ts'
import type { Live } from '../live.ts'
import { recordEvent } from '../record-event.ts'
import { typedObject } from '../typed-objects.ts'

export type PullCredentials =
  | { readonly matching: readonly Credential[] }
  /** A secret does not decode, and so none is used: Go's words for it. */
  | { readonly broken: string }

/** The logins that the kubelet tries for an image, in its order. It says which secrets it does not find. */
export function pullCredentials(live: Live, node: string, pod: Pod, reference: Reference): PullCredentials {
  const { namespace } = pod.metadata
  const read = pod.spec.imagePullSecrets.map(({ name }) => ({ name, secret: secretOf(live, namespace, name) }))
  const missing = read.filter(({ secret }) => !secret).map(({ name }) => name)
  if (missing.length > 0) {
    const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`
    const said = { type: 'Warning', reason: 'FailedToRetrieveImagePullSecret', message } as const
    recordEvent(live, { kind: 'Pod', metadata: pod.metadata }, { ...said, component: 'kubelet', host: node })
  }
  const secrets = read.flatMap(({ secret }) => secret ?? [])
  const broken = secrets.find(({ problem }) => problem?.kind === 'broken')?.problem
  return broken ? { broken: brokenWords(broken.says) } : { matching: matchCredentials(secrets, reference) }
}

function secretOf({ store }: Live, namespace: string, name: string): PullSecret | undefined {
  const object = store.get('secrets', { namespace, name })
  const secret = object && typedObject('secrets', object)
  return secret && readPullSecret(`secret ${namespace}/${name}`, secret.type, secret.data)
}

/** pkg/credentialprovider/config.go; where the base64 breaks is not counted here. */
function brokenWords(says: string): string {
  if (says.includes('base64')) return 'illegal base64 data at input byte 0'
  if (says.includes('colon')) return 'unable to parse auth field, must be formatted as base64(username:password)'
  return 'unexpected end of JSON input'
}
