import { type ComponentChild, h } from 'preact'

/** What this page cannot draw, so that nobody takes it for nothing. */
export function UnknownBlock({ type }: { readonly type: string }): ComponentChild {
  return h('div', { class: 'block-unknown' }, 'This page does not draw ', h('code', null, type), '.')
}
