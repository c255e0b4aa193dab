import type { AlertBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { Icon } from '../parts/icon.ts'
import { Words } from '../text/words.ts'

const icons = { default: 'info', info: 'info', warning: 'alert', error: 'alert', success: 'check' } as const

/** A coloured line in a modal. */
export function Alert({ block }: { readonly block: AlertBlock }): ComponentChild {
  const level = block.level ?? 'default'
  return h(
    'div',
    { class: `block-alert alert-${level}`, role: level === 'error' || level === 'warning' ? 'alert' : 'note' },
    h(Icon, { name: icons[level] }),
    h('span', null, h(Words, { of: block.text })),
  )
}
