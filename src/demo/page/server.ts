import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { LocalSlack } from '../../simulator/slack/local-slack.ts'
import { readBody } from '../../simulator/slack/start.ts'
import { type Act, actSchema, perform, refusalOf } from './acts.ts'
import { type Assets, readAssets } from './assets.ts'
import { createExtras, type Extra } from './extras.ts'
import { type Outcome, type Shortcut, type Suggestion, sceneOf } from './scene.ts'
import { createStream, type Stream } from './stream.ts'

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

/** Serves a page that shows a local Slack. It listens on 127.0.0.1 only. */
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

/** Bytes. A filled-in modal is far below. */
const largestBody = 64 * 1024

const securityHeaders = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

interface Parts {
  readonly assets: Assets
  /** The project's README, as it is. */
  readonly readme: string
  readonly stream: Stream
  perform(act: Act): Promise<Outcome>
}

/** Answers a request of the browser. */
async function answerRequest(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  response.setHeader('content-security-policy', pagePolicy)
  const refused = refusalOf(request)
  if (refused !== undefined) send(response, refused, 'text/plain', 'This is for the page of the demo alone.\n')
  else if (request.method === 'POST') await answerPost(parts, request, response)
  else answerGet(parts, request, response)
}

function answerGet({ assets, readme, stream }: Parts, request: IncomingMessage, response: ServerResponse): void {
  const pathname = URL.parse(request.url ?? '/', 'http://local')?.pathname ?? ''
  const asset = assets.get(pathname)
  if (asset) send(response, 200, asset.type, asset.body)
  else if (pathname === '/' || pathname.startsWith('/archives/'))
    send(response, 200, 'text/html; charset=utf-8', indexPage)
  else if (pathname === '/events') stream.open(response)
  else if (pathname === '/README.md') send(response, 200, 'text/plain; charset=utf-8', readme)
  else send(response, 404, 'text/plain', 'Not Found\n')
}

async function answerPost({ perform }: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url !== '/acts') return send(response, 404, 'text/plain', 'Not Found\n')
  const body = await readBody(request, largestBody)
  if (body === undefined) return send(response, 413, 'text/plain', 'Payload Too Large\n')
  const act = actSchema.safeParse(parsedOrNot(body))
  if (!act.success) return send(response, 400, 'text/plain', 'This is nothing that the viewer could do.\n')
  send(response, 200, 'application/json', JSON.stringify(await perform(act.data)))
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}

function parsedOrNot(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** The page without its content, which its script draws. */
const indexPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>imagepull demo</title>
<link rel="icon" type="image/svg+xml" href="/client/icon.svg">
<link rel="stylesheet" href="/client/styles.css">
<script type="module" blocking="render" src="/client/main.js"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript: it draws Slack.</noscript>
</body>
</html>
`

/** The Content-Security-Policy of the page: it loads nothing from elsewhere, and no text becomes markup. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** From here to the top of the project: in a checkout, and when built. npm packs the README, always. */
const tops = ['../../..', '../../../..'] as const

/** The project's README. */
async function readReadme(): Promise<string> {
  const read = tops.map((top) => readFile(join(import.meta.dirname, top, 'README.md'), 'utf8'))
  const [found] = (await Promise.allSettled(read)).filter((each) => each.status === 'fulfilled')
  return found?.value ?? 'The README is not installed here.\n'
}
