import type { RegistryAnswer } from './registry-request.ts'

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
