import { describe, expect, test } from 'vitest'
import { applyChanges } from '../../../src/demo/page/client/state/apply-changes.ts'
import { type Changes, changesBetween, type Scene, sceneOf } from '../../../src/demo/page/scene.ts'
import type { LocalSlack } from '../../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../../src/simulator/slack/start.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

const { seed, maya, tom, incidents, general, secret } = slackWorkspace
const none = { suggestions: [], shortcuts: [], extras: [] }

/** Does something, and returns the scenes around it. */
async function around(
  act: (slack: LocalSlack) => Promise<unknown>,
  prepare: (slack: LocalSlack) => Promise<unknown> = async () => undefined,
  viewer: string = maya,
): Promise<readonly [Scene, Scene]> {
  await using slack = await startLocalSlack({ seed, limits: 'none' })
  await prepare(slack)
  const before = { ...sceneOf(slack, viewer), ...none }
  await act(slack)
  return [before, { ...sceneOf(slack, viewer), ...none }]
}

const post = (text: string) => (slack: LocalSlack) => slack.post({ user: tom, channel: incidents, text })

/** As it arrives in the browser. */
function sent(before: Scene, after: Scene): Changes | undefined {
  const changes = changesBetween(before, after)
  return changes && (JSON.parse(JSON.stringify(changes)) as Changes) // what it was
}

describe('changes', () => {
  test('of nothing are none', async () => {
    const [before, after] = await around(async () => undefined, post('hello'))
    expect(changesBetween(before, after)).toBeUndefined()
  })

  test.each([
    ['a new message', post('new'), { messages: [{ text: 'new' }], gone: [], rest: {} }],
    [
      'an edit',
      async (slack: LocalSlack) => {
        const [message] = slack.messages(incidents)
        return message && slack.editPost({ user: tom, message, text: 'better' })
      },
      { messages: [{ text: 'better', edits: 1 }], gone: [], rest: {} },
    ],
    [
      'a message that is deleted',
      async (slack: LocalSlack) => {
        const [message] = slack.messages(incidents)
        return message && slack.deleteMessage({ user: tom, message })
      },
      { messages: [], gone: [{ channel: incidents }], rest: {} },
    ],
    [
      'a channel that changes',
      (slack: LocalSlack) => slack.archive({ user: maya, channel: general }),
      { messages: [], gone: [], rest: { channels: expect.any(Array) } },
    ],
  ] as const)('%s is sent, and little else', async (_, act, expected) => {
    const [before, after] = await around(act, async (slack) => {
      await post('first')(slack)
      await post('second')(slack)
    })
    const changes = sent(before, after)
    expect(changes).toMatchObject(expected)
    expect(changes && applyChanges(before, changes)).toEqual(after)
  })

  test('leave what did not change the very same object', async () => {
    const [before, after] = await around(post('second'), post('first'))
    const changes = sent(before, after)
    const scene = changes && applyChanges(before, changes)
    expect(scene?.messages[0]).toBe(before.messages[0])
    expect(scene?.users).toBe(before.users)
  })
})

test('a scene shows only what its viewer may see', async () => {
  const [scene] = await around(
    async () => undefined,
    async (slack) => {
      await slack.post({ user: maya, channel: secret, text: 'for maya alone' })
      await slack.post({ user: maya, channel: incidents, text: 'for all' })
    },
    tom,
  )
  expect(scene.channels.map(({ id }) => id)).not.toContain(secret)
  expect(scene.messages.map(({ text }) => text)).toEqual(['for all'])
})
