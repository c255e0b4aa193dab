import { expect, test } from 'vitest'
import { startLocalSlack } from '../../src/simulator/slack/start.ts'
import { acknowledgeAfterListeners } from '../../src/slack/late-acknowledgement.ts'
import { boltApp } from '../support/bolt-app.ts'
import { manualClock } from '../support/manual-clock.ts'
import { slackWorkspace } from '../support/slack-workspace.ts'

const { seed, incidents, maya } = slackWorkspace
const post = { user: maya, channel: incidents, text: 'an alert' }
const scopes = ['channels:history'] as const

test('over a socket, an event that its listener could not write down comes again', async () => {
  const clock = manualClock()
  await using slack = await startLocalSlack({ seed, clock, scopes })
  let heard = 0
  await using _ = await boltApp(
    slack,
    (app) => {
      acknowledgeAfterListeners(app)
      app.message(async () => {
        heard += 1
        if (heard === 1) throw new Error('the store does not answer')
      })
      app.error(async (error) => {
        throw error
      })
    },
    { socketMode: true },
  )
  const posting = slack.post(post)
  await expect.poll(() => heard).toBe(1)
  await clock.advance(3_000)
  expect(await posting).toMatchObject({ status: 200, attempts: 2 })
  expect(heard).toBe(2)
})

test('over a socket, an event is acknowledged after its listener, and what is no event as before', async () => {
  await using slack = await startLocalSlack({ seed, clock: manualClock() })
  const [heard, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  await using _ = await boltApp(
    slack,
    (app) => {
      acknowledgeAfterListeners(app)
      app.message(async () => {
        heard.resolve()
        await gate.promise
      })
      app.command('/imagepull', ({ ack }) => ack({ text: 'at once' }))
    },
    { socketMode: true },
  )
  const posting = slack.post(post)
  await heard.promise
  // The socket keeps the order: an acknowledgement of the post would have come before this one.
  expect(await slack.command({ user: maya, channel: incidents, command: '/imagepull', text: '' })).toMatchObject({
    status: 200,
    body: { text: 'at once' },
  })
  expect(slack.deliveries.map(({ kind }) => kind)).toEqual(['slash_commands'])
  gate.resolve()
  expect(await posting).toMatchObject({ status: 200, attempts: 1 })
})
