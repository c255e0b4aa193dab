/** A request to a registry. */
export interface RegistryRequest {
  readonly method: string
  readonly url: URL
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** The client's address as the registry sees it. Clients behind a gateway share one. */
  readonly source: string
}

export interface RegistryAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

export type HandleRegistry = (request: RegistryRequest) => Promise<RegistryAnswer>

/** Makes a refusal in the format of the distribution registry: registry/api/errcode, registry/api/v2/errors.go. */
export function refused(
  status: number,
  code: string,
  message: string,
  detail?: unknown,
  headers: Readonly<Record<string, string>> = {},
): RegistryAnswer {
  const error = { code, message, ...(detail !== undefined && { detail }) }
  return answered(status, { errors: [error] }, headers)
}

export function answered(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): RegistryAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(`${JSON.stringify(body)}\n`),
  }
}
