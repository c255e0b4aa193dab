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
