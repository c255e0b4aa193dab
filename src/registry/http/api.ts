import type { Asked, Question, Refusal } from '../registry.ts'
import type { HttpAnswer } from './guarded-http.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'HEAD'
  readonly host: string
  /** After `/v2/`, with its query. */
  readonly path: string
  /** What a token is asked for. */
  readonly scope: string
  readonly accept?: string
  /** Bytes. */
  readonly limit: number
  readonly question: Pick<Question, 'credential' | 'plainHttp' | 'service' | 'signal'>
}

export interface ApiAnswer {
  readonly answer: HttpAnswer
  readonly asked: Asked
  /** The log-in was refused: then this is the answer. */
  readonly refused?: Refusal
}

export interface RegistryHttp {
  ask(request: ApiRequest): Promise<ApiAnswer>
  /** Closes the connections: idle ones now, and busy ones after their request. */
  close(): void
  readonly requests: number
}
