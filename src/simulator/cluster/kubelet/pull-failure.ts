import { STATUS_CODES } from 'node:http'
import type { Reference } from '../../../registry/reference.ts'

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

/** As containerd writes it: with host and tag; a digest wins over a tag beside it. */
export function imageName({ host, repository, tag, digest }: Reference): string {
  return `${host}/${repository}${digest ? `@${digest}` : `:${tag ?? 'latest'}`}`
}

/** `404 Not Found`. */
export function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

/** As Go writes it: `47ms`, `1.234s`, `1m20s`. */
export function goDuration(ms: number): string {
  const whole = Math.round(ms)
  if (whole < 1_000) return `${whole}ms`
  const minutes = Math.floor(whole / 60_000)
  const seconds = (whole % 60_000) / 1_000
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}

/** distribution/reference's words for what is no image name; only capitals have words of their own. */
export function invalidNameWords(image: string): string {
  const path = image.replace(/^[^/]*[.:][^/]*\//, '').replace(/[:@][^/]*$/, '')
  const lower = /^[\w./-]+$/.test(path) && path !== path.toLowerCase()
  return lower ? `invalid reference format: repository name (${path}) must be lowercase` : 'invalid reference format'
}

/** An image that a node has. */
export interface NodeImage {
  /** What its reference meant when it was pulled. */
  readonly digest: string
  readonly sizeBytes: number
  /** Of its configuration: `amd64`. */
  readonly architecture: string
  /** Of its configuration: what its program does here is written there. */
  readonly labels: Readonly<Record<string, string>>
}
