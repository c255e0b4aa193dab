import type { ApiRequest } from './api-request.ts'

/** Who changes an object: as it says, or by its user agent's name. */
export function managerOfRequest({ headers }: ApiRequest, query: URLSearchParams): string {
  return query.get('fieldManager') || (headers['user-agent'] ?? '').split('/')[0] || 'unknown'
}
