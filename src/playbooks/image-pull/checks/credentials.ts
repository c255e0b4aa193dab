import { check } from '../../../diagnosis/check.ts'
import { maybe } from '../../../diagnosis/maybe.ts'
import type { Credential } from '../../../registry/credential.ts'
import { matchCredentials } from '../../../registry/match-credentials.ts'
import { pullSecrets } from './pull-secrets.ts'
import { reference } from './reference.ts'

/** What the kubelet sends for this image. Logins of the node itself are not seen from here. */
export interface Credentials {
  readonly matching: readonly Credential[]
  /** Why the pod's own credentials are unknown; then the answers below are to others than the kubelet's questions. */
  readonly unknown?: string
}

export const credentials = check({
  id: 'credentials',
  doing: 'Choosing the login as the kubelet does',
  needs: { reference, secrets: maybe(pullSecrets) },
  async gather({ reference, secrets }): Promise<Credentials> {
    if (!secrets.known) return { matching: [], unknown: secrets.reason }
    if (!reference.valid) return { matching: [] }
    const present = secrets.value.flatMap(({ secret }) => secret ?? [])
    return { matching: matchCredentials(present, reference.reference) }
  },
})
