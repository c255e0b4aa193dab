/** The way to one API server, and nothing of what its answers mean. Throws whatever the socket throws. */
export interface Transport {
  /** For people: `https://10.0.0.1:6443`. */
  readonly address: string
  send(question: Question, signal?: AbortSignal): Promise<Answer>
}

/** One GET. */
export interface Question {
  readonly path: string
  /** For people: "list pods in shop". */
  readonly asked: string
  /** More is no answer to this question, and is not read. */
  readonly limitBytes: number
}

export interface Answer {
  readonly status: number
  readonly body: string
  /** Seconds, from the header Retry-After. */
  readonly retryAfter?: number
}
