import type { RequestListener, ServerResponse } from 'node:http'

/** A mirror of npm's or Python's packages, which has every package, as long as it can be reached. */
export interface PackageMirror {
  readonly listener: RequestListener
  /** `down`: nobody listens. `slow`: questions wait. */
  set(state: 'up' | 'down' | 'slow'): void
  onReach(change: (reachable: boolean) => void): void
}

export function packageMirror(): PackageMirror {
  const waiting: ServerResponse[] = []
  let state: 'up' | 'down' | 'slow' = 'up'
  let told: (reachable: boolean) => void = () => undefined

  function answer(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }

  return {
    listener(_request, response) {
      if (state === 'slow') waiting.push(response)
      else answer(response)
    },
    set(next) {
      state = next
      told(next !== 'down')
      if (next === 'up') for (const response of waiting.splice(0)) answer(response)
    },
    onReach(change) {
      told = change
    },
  }
}
