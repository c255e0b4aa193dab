import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../clock.ts'
import { answerCall, answerHook } from './api/calls.ts'
import { createRateLimiter } from './api/rate-limiter.ts'
import { createFaults, type Reply } from './api/replies.ts'
import type { LocalSlack, People } from './local-slack.ts'
import { changeChannel } from './people/channels.ts'
import { command, shortcut } from './people/command.ts'
import { createCourier } from './people/courier.ts'
import { tellApp } from './people/deliveries.ts'
import { press } from './people/press.ts'
import type { Stage } from './people/stage.ts'
import { closeView, submitView } from './people/views.ts'
import { editPost, mention, post, react, removePost } from './people/write.ts'
import type { AppEvent, LocalSlackOptions, Platform, Scope } from './platform.ts'
import { createResponseUrls } from './responses.ts'
import { seenOf } from './seen.ts'
import { createSocketMode } from './socket-mode.ts'
import { createTriggers } from './views.ts'
import { createIds } from './workspace/ids.ts'
import type { Channel } from './workspace/records.ts'
import { createWorkspace } from './workspace/workspace.ts'

/** Starts a local Slack on `host`, by default 127.0.0.1. */
export async function startLocalSlack(options: LocalSlackOptions = {}): Promise<LocalSlack> {
  const ready = Promise.withResolvers<Platform>()
  const { host = '127.0.0.1' } = options
  const server = await listen(options.port ?? 0, host, ready.promise)
  const { port } = server.address() as AddressInfo // it listens on TCP
  const listeners = new Set<() => void>()
  const unknownBlocks = new Set<string>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  const told = (channel: Channel, event: AppEvent): void => {
    setImmediate(() => tellApp({ platform, courier }, channel, event).catch(() => undefined)) // no app is connected
  }
  const platform = createPlatform(options, { host: `${host}:${port}`, unknownBlocks, changed, told })
  const courier = createCourier({ ...platform, eventsUrl: options.eventsUrl })
  ready.resolve(platform)

  async function stop(): Promise<void> {
    courier.stop()
    await platform.socketMode.close()
    await closed(server)
  }

  // `Object.assign` onto the live view, because a copy would lose its getters.
  return Object.assign(seenOf(platform), peopleOn({ platform, courier }), tokensOf(platform), controlsOf(platform), {
    url: `http://${host}:${port}`,
    apiUrl: `http://${host}:${port}/api/`,
    connectApp: courier.connect,
    deliveries: courier.deliveries,
    replay: courier.replay,
    onChange(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refuseBlocks(types: readonly string[]) {
      for (const type of types) unknownBlocks.add(type)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  })
}

function tokensOf({ signingSecret, botToken, appToken, otherBots }: Platform) {
  const tokenOf = (bot: string): string => [...otherBots].find(([, { id }]) => id === bot)?.[0] ?? ''
  return { signingSecret, botToken, appToken, tokenOf }
}

/** Controls that only Slack itself has. */
function controlsOf({
  workspace,
  faults,
  socketMode,
}: Platform): Pick<LocalSlack, 'fail' | 'lockThread' | 'refreshSockets' | 'dropSockets'> {
  return {
    fail: (method, fault, times = 1) => faults.add(method, fault, times),
    lockThread(channel, ts) {
      const root = workspace.message(channel, ts)
      if (root) workspace.putMessage({ ...root, isLocked: true })
    },
    refreshSockets: socketMode.refresh,
    dropSockets: socketMode.drop,
  }
}

function closed(server: Server): Promise<unknown> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
}

const notFound: Reply = { kind: 'answer', status: 404, body: 'Not Found' }
const tooLarge: Reply = { kind: 'answer', status: 413, body: 'Payload Too Large' }

/** Serves the APIs for apps. Requests wait until the platform exists. */
async function listen(port: number, host: string, platform: Promise<Platform>): Promise<Server> {
  const server = createServer((request, response) => {
    platform
      .then((ready) => handle(ready, request))
      .catch((error: unknown): Reply => ({ kind: 'answer', status: 500, body: String(error) }))
      .then((reply) => send(response, reply))
  })
  server.on('upgrade', async (request, socket, head) => {
    const { socketMode } = await platform
    socketMode.upgrade(request, socket, head)
  })
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen(port, host, listening.resolve)
  await listening.promise
  return server
}

async function handle(platform: Platform, request: IncomingMessage): Promise<Reply> {
  const { pathname } = new URL(request.url ?? '/', 'http://local')
  const body = await readBody(request)
  if (body === undefined) return tooLarge
  if (request.method !== 'POST') return notFound
  if (/^\/(?:commands|actions)\//.test(pathname)) return answerHook(platform, pathname, body)
  const method = /^\/api\/([\w.]+)$/.exec(pathname)?.[1]
  if (!method) return notFound
  const { authorization = '', 'content-type': contentType = '' } = request.headers
  return answerCall(platform, { method, body, contentType, authorization })
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.kind === 'hang') return
  if (reply.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const isText = typeof reply.body === 'string'
  const type = isText ? 'text/plain' : 'application/json; charset=utf-8'
  response.writeHead(reply.status, { 'content-type': type, ...reply.headers })
  response.end(isText ? reply.body : JSON.stringify(reply.body))
}

/** Bytes of a request. The app's requests are smaller. */
const largestOfApps = 4 * 1024 * 1024

/** Reads a request's body. undefined: it is larger than the limit. */
export async function readBody(request: IncomingMessage, largest = largestOfApps): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= largest) chunks.push(chunk)
  }
  return size > largest ? undefined : Buffer.concat(chunks).toString('utf8')
}

const defaultScopes: readonly Scope[] = [
  ...(['app_mentions:read', 'chat:write', 'commands', 'reactions:read', 'reactions:write'] as const),
  ...(['channels:history', 'groups:history', 'im:history', 'mpim:history'] as const),
  ...(['channels:read', 'groups:read', 'im:read', 'mpim:read', 'im:write', 'mpim:write'] as const),
  ...(['usergroups:read', 'users:read'] as const),
]

interface Surroundings {
  /** `127.0.0.1:PORT` */
  readonly host: string
  readonly unknownBlocks: ReadonlySet<string>
  /** Called after each change. */
  readonly changed: () => void
  readonly told: (channel: Channel, event: AppEvent) => void
}

/** Creates the platform. Tokens are random, so that no other process knows them. */
function createPlatform(options: LocalSlackOptions, { host, unknownBlocks, changed, told }: Surroundings): Platform {
  const { clock = systemClock, seed = {}, limits = 'slack', scopes = defaultScopes } = options
  const ids = createIds(clock)
  const workspace = createWorkspace(seed, ids, changed)
  return {
    clock,
    ids,
    workspace,
    signingSecret: options.signingSecret ?? ids.secret(),
    botToken: options.botToken ?? `xoxb-local-${ids.secret()}`,
    otherBots: new Map([...workspace.bots.values()].map((bot) => [`xoxb-local-${ids.secret()}`, bot])),
    author: workspace.bot,
    told,
    appToken: options.appToken ?? `xapp-local-${ids.secret()}`,
    scopes: new Set(scopes),
    limiter: limits === 'slack' ? createRateLimiter(clock) : undefined,
    faults: createFaults(),
    triggers: createTriggers(clock, ids),
    responseUrls: createResponseUrls({ url: `http://${host}`, clock, ids, workspace, unknownBlocks }),
    socketMode: createSocketMode(`ws://${host}`, workspace.bot.appId, ids),
    unknownBlocks,
    editWindow: options.editWindow,
    calls: [],
    siteUrl: options.siteUrl ?? `https://${workspace.team.domain}.slack.com`,
  }
}

/** Binds the actions of people to a stage. */
function peopleOn(stage: Stage): People {
  return {
    command: (act, sending) => command(stage, act, sending),
    mention: (act, sending) => mention(stage, act, sending),
    post: (act, sending) => post(stage, act, sending),
    press: (act, sending) => press(stage, act, sending),
    shortcut: (act, sending) => shortcut(stage, act, sending),
    submitView: (act, sending) => submitView(stage, act, sending),
    closeView: (act) => closeView(stage, act),
    editPost: (act) => editPost(stage, act),
    deleteMessage: (act) => removePost(stage, act),
    react: (act) => react(stage, act),
    inviteBot: (act) => changeChannel.inviteBot(stage, act),
    kickBot: (act) => changeChannel.kickBot(stage, act),
    archive: (act) => changeChannel.archive(stage, act),
    share: (act) => changeChannel.share(stage, act),
  }
}
