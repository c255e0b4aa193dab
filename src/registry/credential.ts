import type { Secret } from '../secret.ts'

/** What the kubelet sends for one image: from one entry of one pull secret. */
export interface Credential {
  /** Where it comes from, for people: `secret shop/regcred`. */
  readonly source: string
  readonly username: string
  readonly password: Secret
}
