import type { Changes, Scene } from '../../src/demo/page/scene.ts'

type PageEvent = { readonly name: 'scene'; readonly data: Scene } | { readonly name: 'changes'; readonly data: Changes }

export interface PageEvents extends AsyncDisposable {
  next(): Promise<PageEvent>
}

/** The server-sent events of a page of the demo. */
export async function pageEvents(url: string): Promise<PageEvents> {
  const stop = new AbortController()
  const response = await fetch(`${url}/events`, { signal: stop.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  async function next(): Promise<PageEvent> {
    const end = buffer.indexOf('\n\n')
    if (end < 0) {
      const chunk = await reader?.read()
      if (!chunk || chunk.done) throw new Error('the stream ended')
      buffer += chunk.value
      return next()
    }
    const [, name, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(buffer.slice(0, end)) ?? []
    buffer = buffer.slice(end + 2)
    return name ? ({ name, data: JSON.parse(data) } as PageEvent) : next() // a comment has no name
  }
  return {
    next,
    async [Symbol.asyncDispose]() {
      stop.abort()
    },
  }
}
