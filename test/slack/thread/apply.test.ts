import { expect, test } from 'vitest'
import type { Outcome } from '../../../src/slack/api.ts'
import { type StepOptions, slackPace, takeStep } from '../../../src/slack/thread/apply.ts'
import { type Thread, threadVersion } from '../../../src/slack/thread/record.ts'
import { testStore } from '../../support/test-store.ts'

const actions = { type: 'actions', elements: [] }
const shown = { ts: '1.1', digest: 'd', stage: '', text: 'findings', blocks: [actions] }

/** Takes the buttons of old findings away, where Slack answers so. The thread's record after it. */
async function retiring(answer: Outcome<void>): Promise<{ readonly thread: Thread; readonly error: unknown }> {
  const before = { version: threadVersion, channel: 'C1', messages: { 'findings-1': shown }, slots: {} } as const
  let thread: Thread = { ...before, begun: 1, unsure: 0, messages: { ...before.messages } }
  const notUsed = async (): Promise<never> => {
    throw new Error('only an edit is made')
  }
  const options: StepOptions = {
    slack: { update: async () => answer, post: notUsed, find: notUsed },
    ...{ store: testStore(), pace: slackPace, now: () => new Date(), nonce: () => 'n1' },
    ...{ channels: { refusalOf: notUsed }, notifyAskers: notUsed, warn: () => undefined },
  }
  const current: Parameters<typeof takeStep>[1] = {
    ...{ id: '7Q4KM', thread },
    threads: {
      async change(_id, edit) {
        thread = edit(thread)?.value ?? thread
        return thread
      },
    },
  }
  const step = { do: 'retire', key: 'findings-1', ts: '1.1', text: 'findings', blocks: [] } as const
  const error = await takeStep(options, current, step).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { thread, error }
}

test.each(['token_revoked', 'invalid_auth', 'account_inactive', 'missing_scope', 'not_authed'])(
  'while Slack refuses the app (%s), old buttons are not recorded as gone: they go once it is mended',
  async (code) => {
    const { thread, error } = await retiring({ outcome: 'refused', error: code, details: [] })
    expect(error).toMatchObject({ message: expect.stringContaining(code) })
    expect(thread.messages['findings-1']?.blocks).toEqual([actions])
  },
)

test('an old message that Slack no longer lets anybody edit is not tried again', async () => {
  const { thread, error } = await retiring({ outcome: 'refused', error: 'message_not_found', details: [] })
  expect(error).toBeUndefined()
  expect(thread.messages['findings-1']?.blocks).toEqual([])
})
