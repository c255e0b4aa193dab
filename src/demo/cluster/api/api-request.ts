/** What an API server gets, whether over HTTP or in memory. */
export interface ApiRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal?: AbortSignal | undefined
}

export interface ApiAnswer {
  readonly status: number
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One request, one answer. Throws only when the signal is aborted. */
export type HandleApi = (request: ApiRequest) => Promise<ApiAnswer>
