import type { KnownBlock } from '@slack/types'

const markup = '<img src=x onerror=alert(1)>'
const escaped = '&lt;img src=x onerror=alert(1)&gt;'
const word = (text: string) => ({ type: 'text' as const, text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text })

/** What somebody who names pods, tags and registries may bring into a message: markup, scripts, links under false names. */
export const hostileBlocks: readonly KnownBlock[] = [
  { type: 'header', text: { type: 'plain_text', text: markup } },
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          word(markup),
          { type: 'link', url: 'https://evil.example/', text: 'https://bank.example' },
          { type: 'link', url: 'mailto:x@evil.example', text: 'write to us' },
          { type: 'link', url: 'slack://open', text: 'open' },
          { type: 'emoji', name: 'x', unicode: 'zzzz' },
          { type: 'user', user_id: 'U0NOBODY01' },
        ],
      },
      { type: 'rich_text_preformatted', elements: [word(`</code></pre>${markup}\u202e`)] },
    ],
  },
  {
    type: 'context',
    elements: [
      mrkdwn(`<javascript:alert(1)|click> ${escaped} \`${escaped}\` <!date^99999999999^{date}|never>`),
      mrkdwn(
        '<https://evil.example/|https://bank.example/?https://evil.example> <https://evil.example/fix|evil.example/fix>',
      ),
    ],
  },
  {
    type: 'container',
    title: { type: 'plain_text', text: `" onmouseover="alert(1)` },
    child_blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: '<script>alert(1)</script>' }]] }],
  },
  { type: 'image', image_url: 'https://evil.example/x.png', alt_text: '"><script>alert(1)</script>' },
  { type: 'plan', title: markup, tasks: [{ type: 'task_card', task_id: markup, title: markup, status: 'error' }] },
  { type: 'context', elements: [{ type: 'plain_text', text: 'the end' }] },
]
