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

/** A refusal in the words of the distribution registry: registry/api/errcode, registry/api/v2/errors.go. */
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
