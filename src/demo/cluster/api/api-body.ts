import type { ApiAnswer, ApiRequest } from './api-request.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import { statusAnswer } from './status-answer.ts'

export type ApiBody = { readonly given: JsonObject } | { readonly refused: ApiAnswer }

/** A body that is to be a JSON object; an empty one is an empty object. */
export function apiBody({ body }: ApiRequest): ApiBody {
  const given = body === '' ? {} : parsed(body)
  if (isJsonObject(given)) return { given }
  return { refused: statusAnswer(400, 'the object provided is unrecognized (must be JSON)') }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
