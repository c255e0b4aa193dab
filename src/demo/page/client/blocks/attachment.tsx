import type { KnownBlock, MessageAttachment } from '@slack/types'
import type { ComponentChild } from 'preact'
import { WebLink } from '../text/link.tsx'
import { Mrkdwn } from '../text/mrkdwn.tsx'
import { Blocks } from './blocks.tsx'

const named: Readonly<Record<string, string>> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' }

/** A legacy attachment with a coloured bar, as older apps such as Alertmanager post it. */
export function Attachment({ attachment }: { readonly attachment: MessageAttachment }): ComponentChild {
  const { pretext, author_name: author, title, title_link: url, text, fields = [], footer, color = '' } = attachment
  const blocks = (attachment.blocks ?? []) as readonly KnownBlock[] // validated when it was posted
  const paint = (bar: HTMLElement | null): void => {
    if (bar) bar.style.background = named[color] ?? (color && `#${color.replace('#', '')}`)
  }
  return (
    <div class="attachment">
      {pretext && (
        <div>
          <Mrkdwn text={pretext} />
        </div>
      )}
      <div class="attachment-frame">
        <span class="attachment-bar" ref={paint} />
        <div class="attachment-body">
          {author && <div class="attachment-author">{author}</div>}
          {title && <div class="attachment-title">{url ? <WebLink url={url} label={title} /> : title}</div>}
          {text && (
            <div>
              <Mrkdwn text={text} />
            </div>
          )}
          {fields.length > 0 && (
            <dl class="fields">
              {fields.map((field, index) => (
                <Field key={index} field={field} />
              ))}
            </dl>
          )}
          {blocks.length > 0 && <Blocks blocks={blocks} />}
          {footer && <div class="attachment-footer">{footer}</div>}
        </div>
      </div>
    </div>
  )
}

function Field({ field }: { readonly field: { readonly title?: string; readonly value?: string } }): ComponentChild {
  return (
    <div>
      <dt>{field.title}</dt>
      <dd>
        <Mrkdwn text={field.value ?? ''} />
      </dd>
    </div>
  )
}
