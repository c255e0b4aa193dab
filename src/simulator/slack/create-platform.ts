import { createFaults } from './api/faults.ts'
import { createRateLimiter } from './api/rate-limiter.ts'
import type { Scope } from './api/scope.ts'
import { systemClock } from './clock.ts'
import { createResponseUrls } from './delivery/responses.ts'
import { createSocketMode } from './delivery/socket-mode.ts'
import type { AppEvent, LocalSlackOptions, Platform } from './platform.ts'
import { createTriggers } from './views.ts'
import { createIds } from './workspace/ids.ts'
import type { Channel } from './workspace/records.ts'
import { createWorkspace } from './workspace/workspace.ts'

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

/** The tokens are made up anew, so that no other process has them. */
export function createPlatform(
  options: LocalSlackOptions,
  { host, unknownBlocks, changed, told }: Surroundings,
): Platform {
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
