import type { LocalSlack } from '../../src/simulator/slack/local-slack.ts'
import type { Message } from '../../src/simulator/slack/workspace/records.ts'
import { actionWorkspace } from '../support/action-workspace.ts'
import { until } from '../support/running-app.ts'

const { maya, incidents, bot } = actionWorkspace

/** What Maya, who is on call, does with the bot in #incidents. */
export interface Conversation {
  ask(target: string): Promise<void>
  says(): string
  hears(says: RegExp, seconds?: number): Promise<Message>
  /** Presses the button of the newest message that has it. */
  press(action: string): Promise<void>
}

export function conversationIn(slack: LocalSlack): Conversation {
  const own = () => slack.messages(incidents).filter(({ user }) => user === bot)
  const says = () =>
    own()
      .map((it) => slack.plainText(it))
      .concat(slack.ephemerals(maya).map((it) => `only to her: ${slack.plainText(it)}`))
      .join('\n---\n')
  const withWords = (error: Error): never => {
    throw new Error(`${error.message}; it says:\n${says()}`)
  }
  return {
    says,
    ask: async (text) => void (await slack.command({ user: maya, channel: incidents, command: '/imagepull', text })),
    hears: (form, seconds = 60) =>
      until(`the bot says ${form}`, () => own().findLast((it) => form.test(slack.plainText(it))), seconds).catch(
        withWords,
      ),
    async press(action) {
      const actionId = `imagepull:${action}`
      const shows = (it: Message) => JSON.stringify(it.blocks).includes(`"action_id":"${actionId}"`)
      const message = await until(`a button ${action}`, () => own().findLast(shows), 60).catch(withWords)
      await slack.press({ user: maya, message, actionId, confirmed: true })
    },
  }
}
