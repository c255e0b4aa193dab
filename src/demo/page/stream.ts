import type { ServerResponse } from 'node:http'
import { changesBetween, type Scene } from './scene.ts'

/** Milliseconds in which changes are collected into one event. */
const gathering = 30
/** Milliseconds. Shows changes that happen with time, such as an expired status. */
const heartbeat = 10_000
/** The maximum number of open pages. */
const most = 32

export interface Stream {
  /** Sends the scene (`event: scene`), then changes (`event: changes`), until the browser disconnects. */
  open(response: ServerResponse): void
  /** Something may have changed. */
  touch(): void
  stop(): void
}

/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function createStream(look: () => Scene): Stream {
  const open = new Set<ServerResponse>()
  let last = look()
  let timer: NodeJS.Timeout | undefined
  const pulse = setInterval(flush, heartbeat).unref()

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (open.size === 0) return
    const now = look()
    const changes = changesBetween(last, now)
    last = now
    for (const response of open) response.write(changes ? eventOf('changes', changes) : ': still here\n\n')
  }

  return {
    open(response) {
      if (open.size >= most) {
        response.writeHead(503).end()
        return
      }
      flush() // those who look already go on from where the new one begins
      last = look()
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(eventOf('scene', last))
      open.add(response)
      response.on('close', () => open.delete(response))
    },
    touch() {
      timer ??= setTimeout(flush, gathering)
    },
    stop() {
      clearInterval(pulse)
      clearTimeout(timer)
      for (const response of open) response.end()
    },
  }
}

function eventOf(name: 'scene' | 'changes', data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
