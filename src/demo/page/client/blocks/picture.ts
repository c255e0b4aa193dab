import { type ComponentChild, h } from 'preact'
import { WebLink } from '../text/web-link.ts'

interface Props {
  readonly image: { readonly alt_text: string; readonly image_url?: string }
}

/** What a picture shows, in words: this page fetches nothing from elsewhere. */
export function Picture({ image }: Props): ComponentChild {
  const { alt_text: label, image_url: url } = image
  return h('span', { class: 'picture' }, 'Picture: ', url ? h(WebLink, { url, label }) : label)
}
