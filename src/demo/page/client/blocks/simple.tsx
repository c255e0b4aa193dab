import type { ContextBlock } from '@slack/types'
import type { ComponentChild } from 'preact'
import { WebLink } from '../text/link.tsx'
import { Words } from '../text/mrkdwn.tsx'

interface Props {
  readonly image: { readonly alt_text: string; readonly image_url?: string }
}

/** What a picture shows, in words: this page fetches nothing from elsewhere. */
export function Picture({ image }: Props): ComponentChild {
  const { alt_text: label, image_url: url } = image
  return (
    <span class="picture">
      {'Picture: '}
      {url ? <WebLink url={url} label={label} /> : label}
    </span>
  )
}

/** What this page cannot draw, so that nobody takes it for nothing. */
export function UnknownBlock({ type }: { readonly type: string }): ComponentChild {
  return (
    <div class="block-unknown">
      {'This page does not draw '}
      <code>{type}</code>
      {'.'}
    </div>
  )
}

export function Context({ block }: { readonly block: ContextBlock }): ComponentChild {
  const shown = block.elements.map((element, index) => (
    <span key={index}>{element.type === 'image' ? <Picture image={element} /> : <Words of={element} />}</span>
  ))
  return <div class="block-context">{shown}</div>
}
