import type { ServerResponse } from 'node:http'
import type { Metrics } from '../observability/metrics.ts'
import type { Queue } from '../queue/queue.ts'
import type { Route } from '../server.ts'
import type { Store } from '../store/store.ts'

interface Parts {
  readonly store: Store
  readonly queue: Queue
  /** Slack has told who the bot is. */
  readonly slack: () => boolean
  readonly metrics: Metrics
}

/** `/healthz`: the process answers. `/readyz`: it could do its work now. */
export function health({ store, queue, slack, metrics }: Parts): Readonly<Record<string, Route>> {
  async function ready(): Promise<Readonly<Record<string, string>>> {
    const [storeSays, queueSays] = await Promise.all([says(store.ping()), says(queue.counts())])
    return { store: storeSays, queue: queueSays, slack: slack() ? 'ok' : 'not reached yet' }
  }
  return {
    'GET /healthz': (_request, response) => json(response, 200, { status: 'ok' }),
    'GET /readyz': async (_request, response) => {
      const parts = await ready()
      const status = Object.values(parts).every((it) => it === 'ok') ? 200 : 503
      json(response, status, parts)
    },
    'GET /metrics': async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(await metrics.text())
    },
  }
}

async function says(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : 'failed'),
  )
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
}
