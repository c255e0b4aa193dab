import { describe, expect, test } from 'vitest'
import {
  type MessageKind,
  validateHouseRules,
  validateMessage,
  validateView,
} from '../../../../src/simulator/slack/validation/validate.ts'

const plain = (text: string) => ({ type: 'plain_text', text })
const divider = { type: 'divider' }
const section = { type: 'section', text: plain('why') }
const input = { type: 'input', label: plain('Reason'), element: { type: 'plain_text_input' } }
const post = { channel: 'C0INCIDENT', text: 'Never built: shop' }
const update = { ...post, ts: '1763952000.000100' }
const metadata = { event_type: 'incident', event_payload: { id: '7Q4', step: { n: 1 }, tags: [{ a: 'b' }] } }

describe('a message', () => {
  test.each<[MessageKind, object]>([
    ['post', post],
    ['post', { ...post, blocks: [section], metadata, unfurl_links: false, unfurl_media: false }],
    ['post', { ...post, thread_ts: '1763952000.000100' }],
    ['post', { channel: 'C0INCIDENT', markdown_text: '# Why' }],
    ['post', { ...post, text: 'x'.repeat(40_001) }],
    ['post', { ...post, attachments: [{ color: 'danger', title: 'KubePodNotReady', fields: [{ value: 'a' }] }] }],
    ['update', { ...update, metadata: {} }],
    ['update', { ...update, text: 'x'.repeat(4_000) }],
    ['ephemeral', { ...post, user: 'U0MAYA0001' }],
    ['response', { text: 'Looking…', response_type: 'ephemeral', replace_original: true }],
    [
      'response',
      { text: 'Here', response_type: 'in_channel', replace_original: false, thread_ts: '1763952000.000100' },
    ],
    ['response', { delete_original: true }],
  ])('of kind %s is accepted, row %#', (kind, payload) => {
    expect(validateMessage(payload, kind)).toEqual([])
  })

  test.each<[MessageKind, object, string, string, string]>([
    ['post', { text: 'a' }, 'invalid_arguments', '', 'missing required field: channel'],
    ['post', { ...post, thread_id: '1' }, 'invalid_arguments', '', 'invalid additional property: thread_id'],
    ['post', { ...post, thread_ts: '1763952000' }, 'invalid_arguments', '/thread_ts', 'invalid_ts'],
    ['post', { ...post, ts: update.ts }, 'invalid_arguments', '', 'invalid additional property: ts'],
    ['post', { channel: 'C0INCIDENT' }, 'no_text', '/text', 'there is nothing to show'],
    ['post', { channel: 'C0INCIDENT', text: '', blocks: [] }, 'no_text', '/text', 'there is nothing to show'],
    ['post', { ...post, markdown_text: 'a' }, 'markdown_text_conflict', '/markdown_text', 'stands alone'],
    ['post', { ...post, blocks: '[]' }, 'invalid_blocks_format', '/blocks', 'must provide an array of blocks'],
    ['post', { ...post, blocks: [{ type: 'x' }] }, 'invalid_blocks', '/blocks/0/type', 'unsupported type: x'],
    [
      'post',
      { ...post, metadata: { event_type: 'a' } },
      'invalid_metadata_format',
      '/metadata',
      'missing required field: event_payload',
    ],
    [
      'post',
      { ...post, metadata: { ...metadata, event_payload: { a: { b: { c: 1 } } } } },
      'invalid_metadata_format',
      '/metadata/event_payload/a',
      'failed to match any allowed schemas',
    ],
    [
      'post',
      { ...post, metadata: { ...metadata, event_payload: { a: 'x'.repeat(8_000) } } },
      'metadata_too_large',
      '/metadata',
      'must be less than 8001 characters',
    ],
    [
      'post',
      { ...post, attachments: [{ colour: 'red' }] },
      'invalid_attachments',
      '/attachments/0',
      'invalid additional property: colour',
    ],
    [
      'post',
      { ...post, attachments: [{ blocks: [{ type: 'x' }] }] },
      'invalid_blocks',
      '/attachments/0/blocks/0/type',
      'unsupported type: x',
    ],
    ['update', { ...update, text: 'x'.repeat(4_001) }, 'msg_too_long', '/text', 'must be less than 4001 characters'],
    ['update', post, 'invalid_arguments', '', 'missing required field: ts'],
    ['ephemeral', post, 'invalid_arguments', '', 'missing required field: user'],
    ['ephemeral', { ...post, user: 'U1', metadata }, 'invalid_arguments', '', 'invalid additional property: metadata'],
    [
      'response',
      { text: 'a', response_type: 'public' },
      'invalid_arguments',
      '/response_type',
      'must be a valid enum value',
    ],
    [
      'response',
      { text: 'a', thread_ts: update.ts },
      'invalid_arguments',
      '',
      '`thread_ts` is for `in_channel` responses that replace nothing',
    ],
    ['response', { ...post }, 'invalid_arguments', '', 'invalid additional property: channel'],
  ])('of kind %s is refused, row %#', (kind, payload, error, pointer, message) => {
    expect(validateMessage(payload, kind)).toContainEqual({ error, pointer, message })
  })
})

describe('a view', () => {
  const modal = { type: 'modal', title: plain('Mute'), blocks: [section] }

  test.each([
    [modal],
    [
      {
        ...modal,
        submit: plain('Mute'),
        close: plain('Not now'),
        blocks: [input],
        private_metadata: 'x'.repeat(3_000),
      },
    ],
    [{ type: 'home', blocks: [divider] }],
  ])('is accepted, row %#', (view) => {
    expect(validateView(view)).toEqual([])
  })

  test.each([
    [{ ...modal, title: plain('x'.repeat(25)) }, '/view/title/text', 'must be less than 25 characters'],
    [{ ...modal, submit: plain('x'.repeat(25)) }, '/view/submit/text', 'must be less than 25 characters'],
    [{ ...modal, close: plain('x'.repeat(25)) }, '/view/close/text', 'must be less than 25 characters'],
    [{ ...modal, title: undefined }, '/view', 'missing required field: title'],
    [{ ...modal, callback_id: 'x'.repeat(256) }, '/view/callback_id', 'must be less than 256 characters'],
    [{ ...modal, private_metadata: 'x'.repeat(3_001) }, '/view/private_metadata', 'must be less than 3001 characters'],
    [{ ...modal, blocks: [input] }, '/view', '`submit` is required when there are input blocks'],
    [{ ...modal, blocks: [{ type: 'plan', title: 'a' }] }, '/view/blocks/0/type', 'unsupported type: plan'],
    [{ ...modal, blocks: Array(101).fill(divider) }, '/view/blocks', 'no more than 100 items allowed'],
    [{ ...modal, colour: 'red' }, '/view', 'invalid additional property: colour'],
    [{ type: 'home', title: plain('a'), blocks: [divider] }, '/view', 'invalid additional property: title'],
    [{ type: 'dialog' }, '/view/type', 'unsupported type: dialog'],
  ])('is refused, row %#', (view, pointer, message) => {
    expect(validateView(view)).toContainEqual({ error: 'invalid_arguments', pointer, message })
  })

  test('of more than 250 KB is too large', () => {
    const blocks = Array(90).fill({ type: 'section', text: plain('x'.repeat(3_000)) })
    expect(validateView({ ...modal, blocks })).toMatchObject([{ error: 'view_too_large' }])
  })
})

describe('our own rules', () => {
  test('a text of 100 characters is enough, and code points count', () => {
    expect(validateHouseRules({ ...post, text: '🔴'.repeat(100), reply_broadcast: false })).toEqual([])
  })

  test.each([
    [{ blocks: [section] }, '', 'missing required field: text'],
    [{ text: '' }, '/text', 'must be more than 0 characters'],
    [{ text: '  ' }, '/text', 'must say something'],
    [{ text: 'x'.repeat(101) }, '/text', 'must be less than 101 characters'],
    [{ text: 'a', reply_broadcast: true }, '/reply_broadcast', 'must not be broadcast'],
    [{ text: 'a', link_names: true }, '/link_names', 'must not link names'],
    [{ text: 'a', parse: 'full' }, '/parse', 'must not be parsed'],
  ])('are broken by row %#', (payload, pointer, message) => {
    expect(validateHouseRules(payload)).toEqual([{ error: 'house_rule', pointer, message }])
  })
})
