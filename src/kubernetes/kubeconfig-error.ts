/** Why no cluster could be chosen from the kubeconfig. */
export type KubeconfigErrorCode = 'not-found' | 'unreadable' | 'invalid' | 'no-such-context' | 'no-cluster'

export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError'
  readonly code: KubeconfigErrorCode

  constructor(code: KubeconfigErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
