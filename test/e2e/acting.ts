import type { Resolve } from '../../src/registry/http/guarded-http.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { type AppOptions, runningApp } from '../support/running-app.ts'
import { type Conversation, conversationIn } from './conversation.ts'

const { configuration, seed } = actionWorkspace

/** The test registries have their names for the nodes alone; all of them are on loopback. */
const resolve: Resolve = async (hostname, port) => {
  const address = /^\d/.test(hostname) ? hostname : '127.0.0.1'
  return [{ address, family: 4, port }]
}

export interface ActingBot extends Conversation, AsyncDisposable {
  readonly slack: LocalSlack
  /** Of the bot's own port. */
  readonly url: string
}

/** The whole program in a local Slack, beside the real cluster. */
export async function actingBot(
  kubeconfig: string,
  of: { readonly timing?: AppOptions['timing']; readonly configuration?: object } = {},
): Promise<ActingBot> {
  const stack = new AsyncDisposableStack()
  const slack = stack.use(await startLocalSlack({ seed, limits: 'none' }))
  const app = await runningApp({
    slack,
    kubeconfig,
    resolve,
    configuration: {
      ...configuration,
      clusters: [{ name: 'real', secrets: 'read' }],
      registries: [
        { host: '10.96.170.72:5000', plainHttp: true },
        { host: 'registry.test:5500', plainHttp: true },
        { host: 'auth.registry.test:5501', plainHttp: true },
      ],
      ...of.configuration,
    },
    ...(of.timing && { timing: of.timing }),
  })
  stack.defer(() => app.stop())
  return {
    slack,
    url: `http://127.0.0.1:${app.port}`,
    ...conversationIn(slack),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
