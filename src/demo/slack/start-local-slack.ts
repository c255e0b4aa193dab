import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCourier } from './acting/courier.ts'
import { peopleOn } from './acting/people-on.ts'
import { tellApp } from './acting/tell-app.ts'
import { createPlatform } from './create-platform.ts'
import { listen } from './listen.ts'
import type { LocalSlack } from './local-slack.ts'
import type { LocalSlackOptions } from './options.ts'
import type { AppEvent, Platform } from './platform.ts'
import { seenOf } from './seen-of.ts'
import type { Channel } from './workspace/records.ts'

/** Listens on 127.0.0.1 until it is stopped. */
export async function startLocalSlack(options: LocalSlackOptions = {}): Promise<LocalSlack> {
  const ready = Promise.withResolvers<Platform>()
  const server = await listen(options.port ?? 0, ready.promise)
  const { port } = server.address() as AddressInfo // it listens on TCP
  const listeners = new Set<() => void>()
  const unknownBlocks = new Set<string>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  const told = (channel: Channel, event: AppEvent): void => {
    setImmediate(() => tellApp({ platform, courier }, channel, event).catch(() => undefined)) // no app hears
  }
  const platform = createPlatform(options, { host: `127.0.0.1:${port}`, unknownBlocks, changed, told })
  const courier = createCourier({ ...platform, eventsUrl: options.eventsUrl })
  ready.resolve(platform)

  async function stop(): Promise<void> {
    courier.stop()
    await platform.socketMode.close()
    await closed(server)
  }

  // Assigned to what is seen, whose getters a copy would lose.
  return Object.assign(seenOf(platform), peopleOn({ platform, courier }), tokensOf(platform), controlsOf(platform), {
    url: `http://127.0.0.1:${port}`,
    apiUrl: `http://127.0.0.1:${port}/api/`,
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

/** What only Slack itself can do. */
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
