/** The way to one API server, and nothing of what its answers mean. Throws whatever the socket throws. */
export interface Transport {
  /** For people: `https://10.0.0.1:6443`. */
  readonly address: string
  send(question: Question, signal?: AbortSignal): Promise<Answer>
  /**
   * Sends a question whose answer has no end, such as a watch, and gives its lines as they come. `limitBytes` is for one line.
   * Throws ClusterError for any status but 200.
   */
  lines(question: Question, signal?: AbortSignal): AsyncIterable<string>
  /** Upgrades to a WebSocket, by the first of the protocols that the server knows, and gives its binary frames until the server closes it. A proxy is not used. */
  frames(path: string, protocols: readonly string[], asked: string, signal?: AbortSignal): AsyncIterable<Uint8Array>
}

/** One request: a GET where nothing else is said. */
export interface Question {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: { readonly type: string; readonly content: string }
  /** It may be sent again after an outcome that is not known. Default: a GET and a HEAD may. */
  readonly repeatable?: boolean
  readonly accept?: string
  /** For people: "list pods in shop". */
  readonly asked: string
  /** More is no answer to this question, and is not read. */
  readonly limitBytes: number
  /** Passed on to somebody else, whose answers are not the API server's: none of them is a reason to ask again. */
  readonly passedOn?: boolean
}

export interface Answer {
  readonly status: number
  readonly body: string
  /** In lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** Seconds, from the header Retry-After. */
  readonly retryAfter?: number
}
