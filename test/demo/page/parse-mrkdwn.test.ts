import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMrkdwn } from '../../../src/demo/page/client/text/parse-mrkdwn.ts'
import type { MrkdwnNode } from '../../../src/demo/page/client/text/tokens.ts'

const text = (words: string): MrkdwnNode => ({ kind: 'text', text: words })
const code = (words: string): MrkdwnNode => ({ kind: 'code', text: words })
const styled = (kind: 'bold' | 'italic' | 'strike' | 'quote', ...inside: MrkdwnNode[]): MrkdwnNode => ({ kind, inside })
const link = (url: string, label?: string): MrkdwnNode => ({ kind: 'link', url, ...(label && { text: label }) })
const lineBreak: MrkdwnNode = { kind: 'break' }

/** https://docs.slack.dev/messaging/formatting-message-text */
const cases: readonly (readonly [string, string, readonly MrkdwnNode[]])[] = [
  ['nothing', '', []],
  ['words', 'Never built', [text('Never built')]],
  ['three escapes', 'a &lt;b&gt; &amp; c', [text('a <b> & c')]],
  ['no other escape', '&quot;&#60;&nbsp;', [text('&quot;&#60;&nbsp;')]],
  ['what was escaped twice stays escaped once', '&amp;lt;b&amp;gt;', [text('&lt;b&gt;')]],
  ['bold', 'is *down* now', [text('is '), styled('bold', text('down')), text(' now')]],
  ['italic', '_now_', [styled('italic', text('now'))]],
  ['struck out', '~gone~', [styled('strike', text('gone'))]],
  ['styles in each other', '*_a_ b*', [styled('bold', styled('italic', text('a')), text(' b'))]],
  [
    'a style before punctuation',
    '*a*, (*b*)',
    [styled('bold', text('a')), text(', ('), styled('bold', text('b')), text(')')],
  ],
  ['no style inside a word', 'snake_case_name 2*3*4', [text('snake_case_name 2*3*4')]],
  ['no style around spaces', '* a * b', [text('* a * b')]],
  ['no style that does not end', '*a _b', [text('*a _b')]],
  ['no style across lines', '*a\nb*', [text('*a'), lineBreak, text('b*')]],
  ['marks alone', '** __ ~~ *', [text('** __ ~~ *')]],
  ['code', 'run `kubectl get pods` now', [text('run '), code('kubectl get pods'), text(' now')]],
  ['no markup in code', '`*a* &lt;b&gt;`', [code('*a* <b>')]],
  ['a link in code is its label', '`<https://a.example|a>`', [code('a')]],
  ['a backtick alone', 'it`s', [text('it`s')]],
  [
    'preformatted',
    'a\n```\n*x*\n  y\n```\nb',
    [text('a'), lineBreak, { kind: 'preformatted', text: '*x*\n  y' }, text('b')],
  ],
  ['preformatted on one line', '```x &amp; y```', [{ kind: 'preformatted', text: 'x & y' }]],
  ['a fence that does not end', '```x', [text('```x')]],
  ['a quote', '&gt; a\n&gt; b\nc', [styled('quote', text('a'), lineBreak, text('b')), text('c')]],
  ['a quote to the end', '&gt;&gt;&gt; a\nb', [styled('quote', text('a'), lineBreak, text('b'))]],
  ['a link', '<https://a.example/x>', [link('https://a.example/x')]],
  [
    'a link with a label',
    '<https://a.example/?a=1&amp;b=2|see *here*>',
    [link('https://a.example/?a=1&b=2', 'see *here*')],
  ],
  ['a bare address', 'see https://a.example/x_y_z.', [text('see '), link('https://a.example/x_y_z'), text('.')]],
  ['a bare address in bold', '*https://a.example*', [styled('bold', link('https://a.example'))]],
  ['no address inside a word', 'xhttps://a.example', [text('xhttps://a.example')]],
  ['another scheme', '<javascript:alert(1)|click>', [text('click')]],
  ['data', '<data:text/html,x>', [text('<data:text/html,x>')]],
  [
    'a person',
    '<@U0MAYA0001> and <@U0TOM00001|tom>',
    [{ kind: 'user', id: 'U0MAYA0001' }, text(' and '), { kind: 'user', id: 'U0TOM00001' }],
  ],
  ['a channel', '<#C0INCIDENT|incidents>', [{ kind: 'channel', id: 'C0INCIDENT' }]],
  ['a group', '<!subteam^S0ONCALL01|@oncall>', [{ kind: 'usergroup', id: 'S0ONCALL01' }]],
  [
    'everybody',
    '<!here> <!channel> <!everyone>',
    [
      { kind: 'broadcast', range: 'here' },
      text(' '),
      { kind: 'broadcast', range: 'channel' },
      text(' '),
      { kind: 'broadcast', range: 'everyone' },
    ],
  ],
  ['what an attacker escapes not', '&lt;!channel&gt;', [text('<!channel>')]],
  ['an unknown command', '<!unknown|label>', [text('label')]],
  [
    'a moment',
    '<!date^1763952000^since {time}|02:40 UTC>',
    [{ kind: 'date', timestamp: 1_763_952_000, format: 'since {time}', fallback: '02:40 UTC' }],
  ],
  [
    'a moment that is a link',
    '<!date^1763952000^{date}^https://a.example|x>',
    [{ kind: 'date', timestamp: 1_763_952_000, format: '{date}', fallback: 'x', url: 'https://a.example' }],
  ],
  ['a moment without a number', '<!date^soon^{date}|soon>', [text('soon')]],
  ['an emoji', ':red_circle: down', [{ kind: 'emoji', name: 'red_circle' }, text(' down')]],
  ['an image is not an emoji', '10.43.170.72:5000/app:latest', [text('10.43.170.72:5000/app:latest')]],
  ['an angle alone', 'a < b > c', [text('a '), text('< b >'), text(' c')]],
  ['no token across lines', '<https://a.example\n|x>', [text('<'), link('https://a.example'), lineBreak, text('|x>')]],
]

describe('mrkdwn', () => {
  test.each(cases)('%s: %j', (_, source, nodes) => {
    expect(parseMrkdwn(source)).toEqual(nodes)
  })

  test('verbatim text has no links of its own', () => {
    expect(parseMrkdwn('https://a.example', { verbatim: true })).toEqual([text('https://a.example')])
  })

  test('whatever it is given, it shows characters of that and no others', () => {
    const piece = fc.constantFrom(
      '*',
      '_',
      '~',
      '`',
      '```',
      '<',
      '>',
      '|',
      '!',
      '@',
      ':',
      '\n',
      ' ',
      'a',
      '&lt;',
      'https://x',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const source = pieces.join('')
        const known = new Set(`@${source.replaceAll('&lt;', '<')}`) // an unknown command is shown as a name
        expect([...shownIn(parseMrkdwn(source))].filter((character) => !known.has(character))).toEqual([])
      }),
    )
  })

  /** Each would take minutes, if time grew with more than the length. */
  test.each(['*a ', '_', '*_~', '<', '<a', '`', '```', '&gt; ', ':a', ':', 'https://', '*`<_', '&', '*a* ', '(*'])(
    '200 000 characters of %j are read to the end',
    (piece) => {
      const source = piece.repeat(200_000 / piece.length)
      expect(shownIn(parseMrkdwn(`${source} end`))).toMatch(/end$/)
    },
  )
})

function shownIn(nodes: readonly MrkdwnNode[]): string {
  return nodes.map(shown).join('')
}

function shown(node: MrkdwnNode): string {
  if ('inside' in node) return shownIn(node.inside)
  if (node.kind === 'link') return node.text ?? node.url
  return 'text' in node ? (node.text ?? '') : ''
}
