import type { ApiAnswer, ApiRequest, HandleApi } from '../../src/simulator/cluster/api/answers.ts'

/** One request that goes wrong. */
export interface ApiFault {
  readonly method: string
  /** Of the path, with its query. */
  readonly path: RegExp
  /** Whether it takes effect first. */
  readonly effect: 'before' | 'after'
  /** `hang`: no answer, until the caller gives up; a number: that status instead. */
  readonly answer: 'hang' | number
}

export interface Written {
  readonly method: string
  readonly path: string
  readonly status: number
}

export interface FaultyApi {
  readonly handle: HandleApi
  /** Every write that took effect, but trials and reviews, oldest first. */
  readonly writes: readonly Written[]
  /** What was only tried, with what was sent. */
  readonly trials: readonly ApiRequest[]
  /** The next request that fits goes wrong so. Resolves when it did. */
  fail(fault: ApiFault): Promise<void>
  /** Just before the next request that fits takes effect somebody does this. */
  meanwhile(of: Pick<ApiFault, 'method' | 'path'>, act: () => Promise<unknown>): void
  /** Just after the next request that fits took effect, before it is answered. */
  thereafter(of: Pick<ApiFault, 'method' | 'path'>, act: () => Promise<unknown>): void
}

interface Other {
  readonly when: 'before' | 'after'
  readonly of: Pick<ApiFault, 'method' | 'path'>
  readonly act: () => Promise<unknown>
}

/** An API server that goes wrong where a test says so, and remembers what it was told to change. */
export function faultyApi(inner: HandleApi): FaultyApi {
  const writes: Written[] = []
  const trials: ApiRequest[] = []
  const faults: { readonly fault: ApiFault; readonly met: () => void }[] = []
  const others: Other[] = []

  async function perform(request: ApiRequest): Promise<ApiAnswer> {
    const answer = await inner(request)
    const { method, path } = request
    if (path.includes('dryRun=All')) trials.push(request)
    const changes = method !== 'GET' && method !== 'HEAD' && !/dryRun=All|selfsubjectaccessreviews/.test(path)
    if (changes && answer.status < 300) writes.push({ method, path, status: answer.status })
    return answer
  }

  async function handle(request: ApiRequest): Promise<ApiAnswer> {
    await take('before', request)?.act()
    const answer = await answerTo(request)
    await take('after', request)?.act()
    return answer
  }

  function take(when: Other['when'], { method, path }: ApiRequest): Other | undefined {
    const at = others.findIndex((it) => it.when === when && it.of.method === method && it.of.path.test(path))
    return at < 0 ? undefined : others.splice(at, 1)[0]
  }

  async function answerTo(request: ApiRequest): Promise<ApiAnswer> {
    const at = faults.findIndex(({ fault }) => fault.method === request.method && fault.path.test(request.path))
    const [found] = at < 0 ? [] : faults.splice(at, 1)
    if (!found) return perform(request)
    const { effect, answer } = found.fault
    if (effect === 'after') await perform(request)
    found.met()
    if (answer === 'hang') return untilAborted(request.signal)
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: answer, message: 'a fault of the test' }
    return { status: answer, headers: { 'content-type': 'application/json' }, body: JSON.stringify(status) }
  }

  return {
    handle,
    ...{ writes, trials },
    meanwhile: (of, act) => void others.push({ when: 'before', of, act }),
    thereafter: (of, act) => void others.push({ when: 'after', of, act }),
    fail: (fault) => new Promise((met) => void faults.push({ fault, met })),
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
