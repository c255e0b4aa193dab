import { type ComponentChild, h } from 'preact'
import { useDesk } from '../state/desk.ts'
import { Icon } from './icon.ts'
import { Logo } from './logo.ts'

interface Props {
  /** The id of a user; undefined: Slack itself. */
  readonly user?: string | undefined
  readonly size: 'small' | 'medium' | 'large'
}

const hues = 6

/** Drawn here, since no picture is fetched: the app's mark, a robot for other apps, a person's first letter. */
export function Avatar({ user = '', size }: Props): ComponentChild {
  const { users, bot } = useDesk()
  const { name = '', realName = '', isBot = true } = users.get(user) ?? {}
  const kind = isBot
    ? user
      ? 'bot'
      : 'slackbot'
    : `hue-${[...user].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % hues}`
  const shown = isBot ? h(Icon, { name: 'bot' }) : [...(realName || name)].slice(0, 1).join('').toUpperCase()
  if (user === bot.userId) return h('span', { class: `avatar avatar-${size}`, 'aria-hidden': 'true' }, h(Logo, null))
  return h('span', { class: `avatar avatar-${size} avatar-${kind}`, 'aria-hidden': 'true' }, shown)
}
