import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { typedText } from '../../../src/simulator/slack/people/elements.ts'
import { startLocalSlack } from '../../../src/simulator/slack/start.ts'
import { withIds } from '../../../src/simulator/slack/workspace/ids.ts'
import { plainText } from '../../../src/simulator/slack/workspace/plain-text.ts'
import { referencesOf } from '../../../src/simulator/slack/workspace/references.ts'
import { slackBlocks } from '../../support/slack-blocks.ts'
import { slackWorkspace } from '../../support/slack-workspace.ts'

const { rich, says, word, section, mrkdwn, plain, actions, button, container, task, everyInline, cell, option } =
  slackBlocks
const nameOf = (id: string): string => `@${id.toLowerCase()}`

interface Sent {
  readonly text?: string
  readonly blocks?: readonly object[]
  readonly attachments?: readonly object[]
  readonly linkNames?: boolean
}

function references({ text = '', blocks = [], attachments = [], linkNames = false }: Sent) {
  return referencesOf({ text, blocks, attachments, linkNames })
}

const hostile =
  '<!channel> <@U0MAYA0001> <!subteam^S0ONCALL01> <#C0INCIDENT> <https://evil.example|Fix> https://bare.example'

describe('whom a message calls, and what it links to', () => {
  test('in mrkdwn: every token, and bare addresses', () => {
    expect(references({ text: hostile })).toEqual({
      mentions: [
        { kind: 'broadcast', id: 'channel', pointer: '/text' },
        { kind: 'user', id: 'U0MAYA0001', pointer: '/text' },
        { kind: 'usergroup', id: 'S0ONCALL01', pointer: '/text' },
        { kind: 'channel', id: 'C0INCIDENT', pointer: '/text' },
      ],
      links: [
        { url: 'https://evil.example', text: 'Fix', automatic: false, pointer: '/text' },
        { url: 'https://bare.example', automatic: true, pointer: '/text' },
      ],
    })
  })

  test.each([
    [
      'escaped mrkdwn',
      { text: hostile.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace('https://bare.example', '') },
    ],
    ['plain text', { blocks: [section({ text: plain(hostile) })] }],
    ['the text of rich text', { blocks: [rich(says(word(hostile)))] }],
    ['raw cells', { blocks: [{ type: 'table', rows: [[cell(hostile)]] }] }],
    ['a title of a plan', { blocks: [{ type: 'plan', title: hostile, tasks: [task({ title: hostile })] }] }],
    ['a date', { text: '<!date^1763952000^{time}|02:58 UTC>' }],
  ])('not in %s', (_, sent) => {
    const { mentions, links } = references(sent)
    expect(mentions).toEqual([])
    expect(links.filter((link) => !link.automatic)).toEqual([])
  })

  test.each([
    ['a section', [section({ text: mrkdwn(hostile) })], '/blocks/0/text/text'],
    [
      'a container',
      [container({ child_blocks: [section({ text: mrkdwn(hostile) })] })],
      '/blocks/0/child_blocks/0/text/text',
    ],
    ['markdown', [{ type: 'markdown', text: hostile }], '/blocks/0/text'],
    [
      'a confirmation',
      [actions(button({ confirm: { text: mrkdwn(hostile) } }))],
      '/blocks/0/elements/0/confirm/text/text',
    ],
  ])('in %s', (_, blocks, pointer) => {
    const { mentions, links } = references({ blocks })
    expect(mentions.map((mention) => mention.pointer)).toEqual(Array(4).fill(pointer))
    expect(links).toHaveLength(2)
  })

  test('in the elements of rich text, buttons and sources', () => {
    const source = { type: 'url', url: 'https://a.example/source', text: 'a' }
    const blocks = [
      rich(says(...everyInline)),
      actions(button({ url: 'https://a.example/button' })),
      task({ sources: [source] }),
    ]
    const { mentions, links } = references({ blocks })
    expect(mentions.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'user U0MAYA0001',
      'usergroup S0ONCALL01',
      'channel C0INCIDENT',
      'broadcast here',
    ])
    expect(links.map((link) => link.url)).toEqual([
      'https://a.example',
      'https://a.example/button',
      'https://a.example/source',
    ])
  })

  test('in attachments, and in links of markdown', () => {
    const attachments = [
      {
        text: '<!here>',
        pretext: '<@U0TOM00001>',
        fields: [{ value: '<@U0EVE00001>' }],
        title_link: 'https://a.example',
      },
    ]
    expect(references({ attachments }).mentions.map((mention) => mention.id)).toEqual([
      'U0TOM00001',
      'here',
      'U0EVE00001',
    ])
    expect(references({ attachments }).links).toMatchObject([{ url: 'https://a.example' }])
    expect(references({ blocks: [{ type: 'markdown', text: '[Fix](https://evil.example)' }] }).links).toMatchObject([
      { url: 'https://evil.example', text: 'Fix', automatic: false },
    ])
  })

  test('bare names count only when names are linked', () => {
    expect(references({ text: '@here look' }).mentions).toEqual([])
    expect(references({ text: '@here look', linkNames: true }).mentions).toMatchObject([
      { kind: 'broadcast', id: 'here' },
    ])
  })

  test('escaped text calls nobody, whatever it is', () => {
    const pieces = fc.constantFrom('<', '>', '&', '!channel', '@U0MAYA0001', '|', 'https://a.example', '`', ' ')
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces).map((all) => all.join('')),
    )
    const calls = (of: string) => references({ text: typedText(of) })
    fc.assert(
      fc.property(text, (of) => {
        expect(calls(of).mentions).toEqual([])
        expect(calls(of).links.filter((link) => !link.automatic)).toEqual([])
      }),
    )
  })

  test('the local Slack notes them with each message', async () => {
    await using slack = await startLocalSlack({ seed: slackWorkspace.seed })
    const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ channel: slackWorkspace.incidents, text: hostile, link_names: true })
    await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body })
    expect(slack.messages(slackWorkspace.incidents)[0]).toMatchObject({ mentions: { length: 4 }, links: { length: 2 } })
  })
})

describe('what a person reads', () => {
  const read = (...blocks: object[]): string[] =>
    plainText({ text: 'fallback', blocks: withIds(blocks, () => 'id'), attachments: [] }, nameOf).split('\n')

  test.each<[string, object, string[]]>([
    [
      'a section',
      section({ text: mrkdwn('*a* <https://x|b> &lt;c&gt; <@U1>'), accessory: button() }),
      ['*a* b <c> @u1', '[Check again]'],
    ],
    ['fields', section({ text: undefined, fields: [plain('a'), plain('b')] }), ['a', 'b']],
    ['a header', { type: 'header', text: plain('DOWN') }, ['DOWN']],
    ['a context', { type: 'context', elements: [mrkdwn('checked'), { type: 'image', alt_text: 'x' }] }, ['checked x']],
    ['actions', actions(button(), { type: 'overflow', options: [option('a')] }), ['[Check again] […]']],
    [
      'rich text',
      rich(says(...everyInline)),
      ['bolda🔴@u0maya0001@s0oncall01@c0incident@t0000000001@here#1a2B3c02:58 UTC'],
    ],
    [
      'lists',
      rich({ type: 'rich_text_list', style: 'ordered', elements: [says(word('a')), says(word('b'))] }),
      ['1. a', '2. b'],
    ],
    [
      'a date without a fallback',
      rich(says({ type: 'date', timestamp: 1_763_952_000, format: '{time}' })),
      ['2025-11-24 02:40 UTC'],
    ],
    [
      'a plan',
      {
        type: 'plan',
        title: 'Checking',
        tasks: [task(), task({ task_id: 'b', status: 'error', output: rich(says(word('404'))) })],
      },
      ['Checking', '✓ Reading the pod', '✗ Reading the pod', '404'],
    ],
    ['a container', container({ subtitle: plain('9') }), ['Evidence', '9', 'why']],
    [
      'a card',
      { type: 'card', title: mrkdwn('a'), body: mrkdwn('b'), actions: [button()] },
      ['a', 'b', '[Check again]'],
    ],
    [
      'a table',
      {
        type: 'table',
        rows: [
          [cell('a'), cell('b')],
          [rich(says(word('c'))), cell('d')],
        ],
      },
      ['a | b', 'c | d'],
    ],
    ['markdown', { type: 'markdown', text: '# a' }, ['# a']],
    ['nothing of a divider', { type: 'divider' }, ['']],
  ])('of %s', (_, block, lines) => {
    expect(read(block)).toEqual(lines)
  })

  test('blocks instead of the text; without blocks the text; then attachments', () => {
    expect(read(section(), section({ text: plain('second') }))).toEqual(['why', 'second'])
    const attachments = [
      { title: 'KubePodNotReady', text: 'shop', fields: [{ title: 'pod', value: 'api-1' }], footer: 'am' },
    ]
    expect(plainText({ text: 'a', blocks: [], attachments }, nameOf).split('\n')).toEqual([
      'a',
      'KubePodNotReady',
      'shop',
      'pod',
      'api-1',
      'am',
    ])
  })
})

test('ids are given where they are missing, to blocks and to what can be used', () => {
  let count = 0
  const nextId = (): string => {
    count += 1
    return `id${count}`
  }
  const blocks = [
    section({ block_id: 'mine', accessory: button() }),
    container({ child_blocks: [actions({ type: 'overflow', options: [option('a')] })] }),
    { type: 'context', elements: [mrkdwn('a')] },
  ]
  expect(withIds(blocks, nextId)).toMatchObject(
    [
      { block_id: 'mine', accessory: { action_id: 'again' } },
      { block_id: /^id/, child_blocks: [{ block_id: /^id/, elements: [{ action_id: /^id/ }] }] },
      { block_id: /^id/, elements: [{ type: 'mrkdwn', text: 'a' }] },
    ].map(matching),
  )
})

/** Patterns as what vitest compares with. */
function matching(value: unknown): unknown {
  if (value instanceof RegExp) return expect.stringMatching(value)
  if (Array.isArray(value)) return value.map(matching)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, matching(each)]))
}
