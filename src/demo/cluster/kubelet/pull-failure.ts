/** gRPC's codes, as far as containerd uses them here. `Unknown` is not written any more by newer kubelets. */
export type PullFailureCode = 'Unknown' | 'NotFound' | 'DeadlineExceeded' | 'FailedPrecondition'

/** A pull that failed: what the kubelet hears of containerd 2.1. */
export class PullFailure extends Error {
  override readonly name = 'PullFailure'
  readonly code: PullFailureCode

  constructor(code: PullFailureCode, words: string, options?: ErrorOptions) {
    super(code === 'Unknown' ? words : `rpc error: code = ${code} desc = ${words}`, options)
    this.code = code
  }
}
