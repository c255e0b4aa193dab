import type { KnownBlock, MessageAttachment } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { Mrkdwn } from '../text/mrkdwn.ts'
import { WebLink } from '../text/web-link.ts'
import { Blocks } from './blocks.ts'

const named: Readonly<Record<string, string>> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' }

/** How older apps, Alertmanager among them, show what they found: beside a coloured bar. */
export function Attachment({ attachment }: { readonly attachment: MessageAttachment }): ComponentChild {
  const { pretext, author_name: author, title, title_link: url, text, fields = [], footer, color = '' } = attachment
  const blocks = (attachment.blocks ?? []) as readonly KnownBlock[] // validated when it was posted
  const paint = (bar: HTMLElement | null): void => {
    if (bar) bar.style.background = named[color] ?? (color && `#${color.replace('#', '')}`)
  }
  return h(
    'div',
    { class: 'attachment' },
    pretext && h('div', null, h(Mrkdwn, { text: pretext })),
    h(
      'div',
      { class: 'attachment-frame' },
      h('span', { class: 'attachment-bar', ref: paint }),
      h(
        'div',
        { class: 'attachment-body' },
        author && h('div', { class: 'attachment-author' }, author),
        title && h('div', { class: 'attachment-title' }, url ? h(WebLink, { url, label: title }) : title),
        text && h('div', null, h(Mrkdwn, { text })),
        fields.length > 0 &&
          h(
            'dl',
            { class: 'fields' },
            fields.map((field, index) => h(Field, { key: index, field })),
          ),
        blocks.length > 0 && h(Blocks, { blocks }),
        footer && h('div', { class: 'attachment-footer' }, footer),
      ),
    ),
  )
}

function Field({ field }: { readonly field: { readonly title?: string; readonly value?: string } }): ComponentChild {
  return h('div', null, h('dt', null, field.title), h('dd', null, h(Mrkdwn, { text: field.value ?? '' })))
}
