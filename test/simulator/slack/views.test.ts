import type { App } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/simulator/slack/local-slack.ts'
import { startLocalSlack } from '../../../src/simulator/slack/start.ts'
import { type BoltApp, boltApp } from '../../support/bolt-app.ts'
import { type ManualClock, manualClock } from '../../support/manual-clock.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

const { seed, incidents, maya, tom } = slackWorkspace
const plain = (text: string) => ({ type: 'plain_text' as const, text })
const modal = (title: string, more: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  title: plain(title),
  submit: plain('Mute'),
  callback_id: 'mute',
  private_metadata: '7Q4',
  blocks: [
    {
      type: 'input',
      block_id: 'why',
      label: plain('Reason'),
      element: { type: 'plain_text_input', action_id: 'reason' },
    },
    {
      type: 'input',
      block_id: 'how',
      optional: true,
      label: plain('For'),
      element: { type: 'static_select', action_id: 'time', options: [{ text: plain('1 h'), value: '1h' }] },
    },
    { type: 'actions', block_id: 'act', elements: [{ type: 'button', action_id: 'more', text: plain('More') }] },
  ],
  ...more,
})

let clock: ManualClock
let slack: LocalSlack
let bolt: BoltApp
let trigger = ''
let seen: Record<string, unknown>[] = []
/** What the app acknowledges a submission with. */
let answer: object | undefined

beforeEach(async () => {
  seen = []
  answer = undefined
  clock = manualClock()
  slack = await startLocalSlack({ seed, clock, limits: 'none' })
  bolt = await boltApp(slack, listen)
})
afterEach(async () => {
  await bolt[Symbol.asyncDispose]()
  await slack.stop()
})

function listen(app: App): void {
  app.command('/imagepull', async ({ ack, command }) => {
    await ack()
    trigger = command.trigger_id
  })
  app.action('more', async ({ ack, body }) => {
    await ack()
    if ('trigger_id' in body) trigger = body.trigger_id
    seen.push({ ...body })
  })
  app.view('mute', async ({ ack, body }) => {
    seen.push({ ...body })
    await (answer ? ack(answer as never) : ack())
  })
  app.view({ callback_id: 'mute', type: 'view_closed' }, async ({ ack, body }) => {
    seen.push({ ...body })
    await ack()
  })
}

async function opened(view = modal('Mute')) {
  await slack.command({ user: maya, channel: incidents, command: '/imagepull' })
  await bolt.app.client.views.open({ trigger_id: trigger, view })
  const top = slack.views(maya).at(-1)
  if (!top) throw new Error('nothing was opened')
  return top
}

/** Slack's name for what is wrong. */
const refusal = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'ok',
    (error: { data: { error: string } }) => error.data.error,
  )

describe('opening', () => {
  test('a trigger opens one view, for its user', async () => {
    await opened()
    expect(slack.views(maya)).toMatchObject([{ user: maya, content: { title: plain('Mute'), callback_id: 'mute' } }])
    expect(slack.views(tom)).toEqual([])
    const again = bolt.app.client.views.open({ trigger_id: trigger, view: modal('Mute') })
    expect(await refusal(again)).toBe('exchanged_trigger_id')
  })

  test('a trigger is good for 3 s', async () => {
    await slack.command({ user: maya, channel: incidents, command: '/imagepull' })
    await clock.advance(3_001)
    expect(await refusal(bolt.app.client.views.open({ trigger_id: trigger, view: modal('a') }))).toBe(
      'expired_trigger_id',
    )
  })

  test('a trigger cannot be guessed', async () => {
    expect(await refusal(bolt.app.client.views.open({ trigger_id: '1.2.3', view: modal('a') }))).toBe(
      'invalid_trigger_id',
    )
  })

  test('a view that is not valid is refused with pointers', async () => {
    await slack.command({ user: maya, channel: incidents, command: '/imagepull' })
    const view = modal('a title of more than 24 characters')
    await expect(bolt.app.client.views.open({ trigger_id: trigger, view })).rejects.toMatchObject({
      data: {
        error: 'invalid_arguments',
        response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] },
      },
    })
    expect(slack.views(maya)).toEqual([])
  })

  test('three lie upon each other, the fourth is too many', async () => {
    const { views } = bolt.app.client
    for (const title of ['one', 'two', 'three', 'four']) {
      const top = slack.views(maya).at(-1)
      if (!top) await opened(modal(title))
      else await slack.press({ user: maya, view: top, actionId: 'more' })
      if (top) await refusal(views.push({ trigger_id: trigger, view: modal(title) }))
    }
    expect(slack.views(maya).map(({ content }) => content.type === 'modal' && content.title.text)).toEqual([
      'one',
      'two',
      'three',
    ])
    expect(slack.calls.at(-1)).toMatchObject({ method: 'views.push', error: 'push_limit_reached' })
  })

  test('an update takes the place, if nobody was faster', async () => {
    const { views } = bolt.app.client
    const view = await opened()
    await views.update({ view_id: view.id, hash: view.hash, view: modal('Muted') })
    expect(slack.views(maya)).toMatchObject([{ id: view.id, content: { title: plain('Muted') } }])
    expect(await refusal(views.update({ view_id: view.id, hash: view.hash, view: modal('a') }))).toBe('hash_conflict')
    expect(await refusal(views.update({ view_id: 'V0', view: modal('a') }))).toBe('not_found')
  })
})

describe('submitting', () => {
  test('what was filled in arrives by block and action; an empty answer closes', async () => {
    const view = await opened()
    expect(await slack.submitView({ user: maya, view, values: { reason: 'known', time: '1h' } })).toMatchObject({
      status: 200,
    })
    expect(seen).toMatchObject([
      {
        type: 'view_submission',
        user: { id: maya },
        view: {
          id: view.id,
          private_metadata: '7Q4',
          state: {
            values: {
              why: { reason: { type: 'plain_text_input', value: 'known' } },
              how: { time: { type: 'static_select', selected_option: { value: '1h' } } },
            },
          },
        },
      },
    ])
    expect(slack.views(maya)).toEqual([])
  })

  test('without what is required, or by somebody else, it is not possible', async () => {
    const view = await opened()
    await expect(slack.submitView({ user: maya, view })).rejects.toMatchObject({ code: 'required-input' })
    await expect(slack.submitView({ user: tom, view, values: { reason: 'a' } })).rejects.toMatchObject({
      code: 'no-such-view',
    })
    expect(seen).toEqual([])
  })

  test('what somebody emptied is empty, whatever stood in it', async () => {
    const element = { type: 'plain_text_input' as const, action_id: 'note', initial_value: 'as before' }
    const note = { type: 'input' as const, block_id: 'note', label: plain('Note'), optional: true, element }
    const view = await opened(modal('Mute', { blocks: [note] }))
    await slack.submitView({ user: maya, view, values: { note: '' } })
    expect(seen).toMatchObject([{ view: { state: { values: { note: { note: { value: null } } } } } }])
  })

  test.each([
    ['errors leave it', { response_action: 'errors', errors: { why: 'too short' } }, ['Mute']],
    ['an update replaces it', { response_action: 'update', view: modal('Muted') }, ['Muted']],
    ['a push lies upon it', { response_action: 'push', view: modal('Sure?') }, ['Mute', 'Sure?']],
    ['clear closes all', { response_action: 'clear' }, []],
  ])('%s', async (_, body, titles) => {
    const view = await opened()
    answer = body
    expect(await slack.submitView({ user: maya, view, values: { reason: 'a' } })).toMatchObject({ status: 200, body })
    expect(slack.views(maya).map(({ content }) => content.type === 'modal' && content.title.text)).toEqual(titles)
  })

  test('an answer with a view that is not valid is told as such', async () => {
    const view = await opened()
    answer = { response_action: 'update', view: { ...modal('a'), colour: 'red' } }
    expect(await slack.submitView({ user: maya, view, values: { reason: 'a' } })).toMatchObject({
      refused: 'invalid_arguments',
    })
  })
})

test('pressing in a view says which view', async () => {
  const view = await opened()
  await slack.press({ user: maya, view, actionId: 'more' })
  expect(seen).toMatchObject([
    { container: { type: 'view', view_id: view.id }, view: { id: view.id, hash: view.hash } },
  ])
  expect(seen[0]).not.toHaveProperty('response_url')
})

test('closing is told only where the view asks for it', async () => {
  expect(await slack.closeView({ user: maya, view: await opened() })).toMatchObject({ status: 'not-sent' })
  const view = await opened(modal('Mute', { notify_on_close: true }))
  expect(await slack.closeView({ user: maya, view })).toMatchObject({ status: 200 })
  expect(seen).toMatchObject([{ type: 'view_closed', view: { id: view.id } }])
  expect(slack.views(maya)).toEqual([])
})
