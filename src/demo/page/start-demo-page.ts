import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LocalSlack } from '../slack/local-slack.ts'
import { answerRequest, type Parts } from './answer-request.ts'
import { createExtras, type Extra } from './create-extras.ts'
import { createStream } from './create-stream.ts'
import { perform } from './perform.ts'
import { readAssets } from './read-assets.ts'
import { readReadme } from './read-readme.ts'
import type { Shortcut, Suggestion } from './scene.ts'
import { sceneOf } from './scene-of.ts'

export interface DemoPageOptions {
  readonly slack: LocalSlack
  /** On 127.0.0.1; 0: a free one. */
  readonly port: number
  /** The id of the user whose Slack it is. */
  readonly viewer: string
  readonly suggestions: readonly Suggestion[]
  readonly extras?: readonly Extra[]
  /** Of the app, for the menu of each message. */
  readonly shortcuts?: readonly Shortcut[]
}

export interface DemoPage extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  stop(): Promise<void>
}

/** Shows a local Slack in the browser, until it is stopped. It listens on 127.0.0.1 only. */
export async function startDemoPage(options: DemoPageOptions): Promise<DemoPage> {
  const { slack, viewer, suggestions, shortcuts = [] } = options
  const extras = createExtras(options.extras ?? [], () => stream.touch())
  const stream = createStream(() => ({ ...sceneOf(slack, viewer), suggestions, shortcuts, extras: extras.states }))
  const parts: Parts = {
    assets: await readAssets(),
    readme: await readReadme(),
    stream,
    perform: (act) => perform({ slack, viewer, extras }, act),
  }
  const server = await listen(options.port, parts)
  const end = slack.onChange(() => stream.touch())
  const { port } = server.address() as AddressInfo // it listens on TCP

  async function stop(): Promise<void> {
    end()
    stream.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  return { url: `http://127.0.0.1:${port}`, stop, [Symbol.asyncDispose]: stop }
}

async function listen(port: number, parts: Parts): Promise<Server> {
  const server = createServer((request, response) => {
    answerRequest(parts, request, response).catch(() => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain' }).end('The demo failed here.\n')
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening') // rejects where the port is taken
  return server
}
