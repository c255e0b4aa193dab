import type { ApiAnswer, ApiRequest, RegistryHttp } from '../http/api.ts'
import type { Refusal } from '../registry.ts'
import type { Manners } from './manners.ts'

interface Shared {
  readonly manners: Manners
  /** Answers are shared by clients of the same realm. */
  realm(host: string): string
  /** Milliseconds since 1970: an answer to an earlier request does not count. */
  readonly since: number
}

/** Asks through the answers that all clients of a process share. `requests` counts those that this client sent. */
export function shareAnswers(http: RegistryHttp, { manners, realm, since }: Shared): RegistryHttp {
  return {
    async ask(request) {
      const { credential, signal } = request.question
      const login = manners.fingerprint(credential)
      const key = JSON.stringify([realm(request.host), login, ...subjectOf(request)])
      const wanted = { since, immutable: isImmutable(request), host: request.host, signal }
      const answer = await manners.answers.get(key, wanted, (signal) =>
        http.ask({ ...request, question: { ...request.question, signal } }),
      )
      return relabel(answer, credential?.source)
    },
    close: http.close,
    get requests() {
      return http.requests
    },
  }
}

/** All that an answer depends on, but for the login. */
function subjectOf({ method, host, path, accept, limit, question }: ApiRequest): readonly unknown[] {
  const { plainHttp, service } = question
  return [method, host, path, accept, limit, plainHttp ?? false, service?.namespace, service?.name, service?.port]
}

/** A digest names one content for ever. Whether it is still there is asked by HEAD, and may change. */
function isImmutable({ method, path }: ApiRequest): boolean {
  return method === 'GET' && /\/(?:manifests|blobs)\/sha\d{3}%3A[0-9a-f]+$/.test(path)
}

/** The same login may come from another secret than the one that was sent: its reader knows it by that name. */
function relabel(answer: ApiAnswer, source: string | undefined): ApiAnswer {
  if (source === undefined) return answer
  const asked = withSource(answer.asked, source)
  const { refused } = answer
  return { ...answer, asked, ...(refused && { refused: { ...refused, asked: withSource(refused.asked, source) } }) }
}

function withSource(asked: Refusal['asked'], source: string): Refusal['asked'] {
  return asked.credential === undefined ? asked : { ...asked, credential: source }
}
