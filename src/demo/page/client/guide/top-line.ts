import { type ComponentChild, h } from 'preact'
import { Icon } from '../parts/icon.ts'
import { Logo } from '../parts/logo.ts'

/** What this is, in a line, and the way to what there is to try. */
export function TopLine({ onMore }: { onMore(): void }): ComponentChild {
  return h(
    'header',
    { class: 'top-line' },
    h(Logo, null),
    h('p', null, h('b', null, 'Demo.'), ' Slack and the cluster are simulated, the bot is real.'),
    h('button', { type: 'button', class: 'button', onClick: onMore }, h(Icon, { name: 'spark' }), 'Guide'),
  )
}
