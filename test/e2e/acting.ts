import type { Resolve } from '../../src/registry/http/guarded-http.ts'
import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import type { Message } from '../../src/simulator/slack/workspace/records.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { type AppOptions, runningApp, until } from '../support/running-app.ts'

const { maya, incidents, bot, configuration, seed } = actionWorkspace

/** The test registries have their names for the nodes alone; all of them are on loopback. */
const resolve: Resolve = async (hostname, port) => {
  const address = /^\d/.test(hostname) ? hostname : '127.0.0.1'
  return [{ address, family: 4, port }]
}

export interface ActingBot extends AsyncDisposable {
  readonly slack: LocalSlack
  /** Of the bot's own port. */
  readonly url: string
  ask(target: string): Promise<void>
  says(): string
  hears(says: RegExp, seconds?: number): Promise<Message>
  /** As `hears`, of what the newest thread says. */
  press(action: string): Promise<void>
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
  const own = () => slack.messages(incidents).filter(({ user }) => user === bot)
  const says = () =>
    own()
      .map((it) => slack.plainText(it))
      .concat(slack.ephemerals(maya).map((it) => `only to her: ${slack.plainText(it)}`))
      .join('\n---\n')
  return {
    slack,
    url: `http://127.0.0.1:${app.port}`,
    says,
    ask: async (text) => void (await slack.command({ user: maya, channel: incidents, command: '/imagepull', text })),
    hears: (form, seconds = 60) =>
      until(`the bot says ${form}`, () => own().findLast((it) => form.test(slack.plainText(it))), seconds).catch(
        (error) => {
          throw new Error(`${error.message}; it says:\n${says()}`)
        },
      ),
    async press(action) {
      const actionId = `imagepull:${action}`
      const shows = (it: Message) => JSON.stringify(it.blocks).includes(`"action_id":"${actionId}"`)
      const message = await until(`a button ${action}`, () => own().findLast(shows), 60).catch((error) => {
        throw new Error(`${error.message}; it says:\n${says()}`)
      })
      await slack.press({ user: maya, message, actionId, confirmed: true })
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
