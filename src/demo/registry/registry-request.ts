/** What a registry gets. */
export interface RegistryRequest {
  readonly method: string
  readonly url: URL
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** The address that it seems to come from: behind a gateway, many share one. */
  readonly source: string
}

export interface RegistryAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

export type HandleRegistry = (request: RegistryRequest) => Promise<RegistryAnswer>
