import { expect, test } from 'vitest'
import type { Outcome } from '../../src/slack/api.ts'
import { takeStep } from '../../src/slack/thread/apply.ts'
import type { ThreadWorld } from '../../src/slack/thread/dependencies.ts'
import { type Thread, threadVersion } from '../../src/slack/thread/record.ts'

const actions = { type: 'actions', elements: [] }
const shown = { ts: '1.1', digest: 'd', stage: '', text: 'findings', blocks: [actions] }

/** Takes the buttons of old findings away, where Slack answers so. The thread's record after it. */
async function retiring(answer: Outcome<void>): Promise<{ readonly thread: Thread; readonly error: unknown }> {
  const before = { version: threadVersion, channel: 'C1', messages: { 'findings-1': shown }, slots: {} } as const
  let thread: Thread = { ...before, begun: 1, unsure: 0, messages: { ...before.messages } }
  const world = {
    slack: { update: async () => answer },
    store: { pace: async () => 0, holdPace: async () => undefined },
    ...{ pace: { post: 0, edit: 0 }, now: () => new Date() },
  } as unknown as ThreadWorld // all of it that is used
  const current = {
    subject: { id: '7Q4KM' },
    thread,
    threads: { change: async (_id: string, edit: (it: Thread) => { value: Thread }) => (thread = edit(thread).value) },
  } as unknown as Parameters<typeof takeStep>[1] // all of it that is used
  const step = { do: 'retire', key: 'findings-1', ts: '1.1', text: 'findings', blocks: [] } as const
  const error = await takeStep(world, current, step).then(
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
