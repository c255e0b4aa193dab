import { type ComponentChild, h } from 'preact'
import type { Message } from '../../../slack/workspace/records.ts'
import { useDesk } from '../state/desk.ts'
import { Emoji } from '../text/emoji.ts'

export function Reactions({ message }: { readonly message: Message }): ComponentChild {
  const { viewer, users, act } = useDesk()
  const { reactions, channel, ts } = message
  if (reactions.length === 0) return null
  const shown = reactions.map(({ name, users: by }) => {
    const people = by.map((id) => users.get(id)?.name ?? id).join(', ')
    const isMine = by.includes(viewer)
    const press = (): unknown => !isMine && act({ act: 'react', channel, ts, name })
    const words = `${name.replaceAll('_', ' ')}, ${by.length}: ${people}`
    const button = { key: name, type: 'button', class: 'reaction', title: people, onClick: press } as const
    return h(
      'button',
      { ...button, 'aria-label': words, 'aria-pressed': isMine },
      h(Emoji, { name }),
      h('span', null, by.length),
    )
  })
  return h('div', { class: 'reactions' }, shown)
}
