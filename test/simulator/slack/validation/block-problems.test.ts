import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Surface, validateBlocks } from '../../../../src/simulator/slack/validation/validate.ts'
import { slackBlocks } from '../../../support/slack-blocks.ts'

const {
  many,
  long,
  plain,
  mrkdwn,
  button,
  actions,
  section,
  says,
  rich,
  word,
  option,
  task,
  container,
  cell,
  dataTable,
  image,
  feedback,
  input,
  choose,
  confirm,
  everyInline,
} = slackBlocks

const valid: readonly (readonly [name: string, surface: Surface, ...blocks: object[]])[] = [
  ['a root: rich text and context', 'message', rich(says(word())), { type: 'context', elements: [mrkdwn('checked')] }],
  ['every inline element', 'message', rich(says(...everyInline), { type: 'rich_text_quote', elements: everyInline })],
  [
    'lists and preformatted text',
    'message',
    rich(
      { type: 'rich_text_list', style: 'bullet', indent: 1, border: 0, elements: [says(word())] },
      { type: 'rich_text_preformatted', elements: [word('kubectl get pods')], border: 1 },
    ),
  ],
  [
    'a plan',
    'message',
    { type: 'plan', title: 'Checked 14 things', tasks: [task(), task({ task_id: 'b', output: rich(says(word())) })] },
  ],
  ['a task card with a source', 'message', task({ sources: [{ type: 'url', url: 'https://a.example', text: 'a' }] })],
  [
    'a collapsed container',
    'message',
    container({ is_collapsible: true, default_collapsed: true, width: 'wide', subtitle: mrkdwn('9') }),
  ],
  ['a container with a rich title', 'message', container({ title: undefined, rich_text_title: rich(says(word())) })],
  [
    'a table',
    'message',
    { type: 'table', rows: [[cell(), { type: 'raw_number', value: 1, text: '1' }]], column_settings: [null, {}] },
  ],
  ['a data table', 'message', dataTable({ page_size: 10, row_header_column_index: 0 })],
  ['markdown', 'message', { type: 'markdown', text: '# Why' }],
  [
    'cards in a carousel',
    'message',
    { type: 'carousel', elements: [{ type: 'card', title: mrkdwn('a'), actions: [button()] }] },
  ],
  [
    'context actions',
    'message',
    {
      type: 'context_actions',
      elements: [feedback, { type: 'icon_button', icon: 'trash', text: plain('Delete'), visible_to_user_ids: ['U1'] }],
    },
  ],
  ['images and files', 'message', image(), image({ image_url: undefined, slack_file: { id: 'F1' } })],
  [
    'three buttons and an overflow',
    'message',
    actions(
      button({ style: 'primary', value: '7Q4', confirm: confirm({ title: plain('Rerun?'), confirm: plain('Rerun') }) }),
      button({ action_id: 'b' }),
      { type: 'overflow', action_id: 'more', options: [option('mute'), option('docs', { url: 'https://a.example' })] },
    ),
  ],
  ['a picker', 'message', choose({ options: [option('a'), option('b')], initial_option: option('b') })],
  [
    'a section with fields and an accessory',
    'message',
    section({ text: undefined, fields: [plain('a')], accessory: image() }),
  ],
  [
    'the same action in two blocks',
    'message',
    section({ accessory: button() }),
    section({ accessory: button() }),
    container({ child_blocks: [section({ accessory: button() }), actions(button())] }),
  ],
  ['3000 emoji, which are 3000 characters', 'message', section({ text: plain('🔴'.repeat(3_000)) })],
  [
    'an alert and inputs',
    'modal',
    { type: 'alert', text: plain('careful'), level: 'warning' },
    input({ type: 'plain_text_input' }),
  ],
  ['100 blocks', 'modal', ...many(100, () => section())],
  ['a home tab', 'home', section(), { type: 'header', text: plain('Incidents') }, { type: 'divider', block_id: 'd' }],
]

const accepted = valid.map(([name, surface, ...blocks]) => ({ name, surface, blocks }))

test.each(accepted)('accepts $name', ({ surface, blocks }) => {
  const withoutUndefined: unknown = JSON.parse(JSON.stringify(blocks))
  expect(validateBlocks(withoutUndefined, surface)).toEqual([])
})

describe('blocks together', () => {
  test.each([
    ['50 in a message', 'message', 51, 'no more than 50 items allowed'],
    ['100 in a modal', 'modal', 101, 'no more than 100 items allowed'],
    ['100 in a home tab', 'home', 101, 'no more than 100 items allowed'],
  ] as const)('are at most %s', (_, surface, count, message) => {
    expect(
      validateBlocks(
        many(count, () => section()),
        surface,
      ),
    ).toEqual([{ error: 'invalid_blocks', pointer: '/blocks', message }])
  })

  test.each([['not a list'], [{ type: 'divider' }], [['divider']], [undefined]])(
    'must be a list of objects: %j',
    (blocks) => {
      expect(validateBlocks(blocks, 'message')).toMatchObject([{ error: 'invalid_blocks_format', pointer: '/blocks' }])
    },
  )

  test('have unique ids, also inside containers', () => {
    const blocks = [section({ block_id: 'a' }), container({ child_blocks: [section({ block_id: 'a' })] })]
    expect(validateBlocks(blocks, 'message')).toEqual([
      { error: 'invalid_blocks', pointer: '/blocks/1/child_blocks/0/block_id', message: 'block_id must be unique: a' },
    ])
  })

  test('hold one table', () => {
    const table = { type: 'table', rows: [[cell()]] }
    expect(validateBlocks([table, table], 'message')).toMatchObject([{ message: 'only_one_table_allowed' }])
  })

  test('hold 12 000 characters of markdown in sum', () => {
    const half = { type: 'markdown', text: long(6_001) }
    expect(validateBlocks([half], 'message')).toEqual([])
    expect(validateBlocks([half, half], 'message')).toMatchObject([{ error: 'invalid_blocks', pointer: '/blocks' }])
  })

  test.each([
    ['sections', many(4, () => section({ text: plain(long(3_000)) })), []],
    ['sections', many(5, () => section({ text: plain(long(2_600)) })), ['msg_blocks_too_long']],
    [
      'entities, which count as such',
      many(3, () => section({ text: mrkdwn('<'.repeat(1_100)) })),
      ['msg_blocks_too_long'],
    ],
    ['rich text', [rich(says(word(long(13_201))))], ['msg_blocks_too_long']],
    [
      'tasks',
      [{ type: 'plan', title: 'a', tasks: many(50, (index) => task({ task_id: `${index}`, title: long(200) })) }],
      ['msg_blocks_too_long'],
    ],
  ])('hold about 13 200 characters of %s', (_, blocks, errors) => {
    expect(validateBlocks(blocks, 'message').map((problem) => problem.error)).toEqual(errors)
  })
})

test('whatever comes, it is judged and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.array(fc.object())), (blocks) => {
      for (const surface of ['message', 'modal', 'home'] as const)
        expect(validateBlocks(blocks, surface)).toBeInstanceOf(Array)
    }),
  )
})
