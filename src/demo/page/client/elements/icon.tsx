import type { ComponentChild } from 'preact'
import { useDesk } from '../state/desk.ts'

/** Paths in a 20 by 20 view box. */
const shapes = {
  alert: 'M10 3.2 17.8 16.6H2.2Z M10 8v4 M10 14.3v.2',
  back: 'M12.5 4 6.5 10l6 6',
  bot: 'M4 8.5h12v7.5H4Z M10 8.5V5 M10 3.9v.2 M7.5 11.5v1.5 M12.5 11.5v1.5 M2 11v2.5 M18 11v2.5',
  bubble: 'M3.5 4.5h13v9.5h-6L7 17v-3H3.5Z',
  check: 'M4.5 10.5 8.5 14.5 15.5 6',
  chevron: 'M7.5 4.5 13 10l-5.5 5.5',
  close: 'M5 5l10 10 M15 5 5 15',
  copy: 'M7 7h9.5v9.5H7Z M13 7V3.5H3.5V13H7',
  down: 'M4.5 7.5 10 13l5.5-5.5',
  eye: 'M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5Z M10 7.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6Z',
  hash: 'M8 3 6.2 17 M13.8 3 12 17 M3.7 7.3h13 M3.3 12.7h13',
  info: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15Z M10 9v5 M10 6.2v.2',
  link: 'M8.5 11.5a3.2 3.2 0 0 0 4.6 0l2.6-2.6a3.2 3.2 0 0 0-4.6-4.6L10 5.4 M11.5 8.5a3.2 3.2 0 0 0-4.6 0l-2.6 2.6a3.2 3.2 0 0 0 4.6 4.6l1.1-1.1',
  lock: 'M4.5 9h11v8h-11Z M7 9V6.5a3 3 0 0 1 6 0V9',
  moon: 'M16.5 12.2A7 7 0 1 1 8 3.4a5.6 5.6 0 0 0 8.5 8.8Z',
  more: 'M10 4.4v.2 M10 9.9v.2 M10 15.4v.2',
  pencil: 'M3.5 16.5l.8-3.6L13.5 3.7l2.8 2.8-9.2 9.2Z M11.5 5.7l2.8 2.8',
  person: 'M10 3a3.4 3.4 0 1 0 0 6.8A3.4 3.4 0 0 0 10 3Z M3.5 17c.4-3.3 3-5 6.5-5s6.1 1.7 6.5 5',
  play: 'M6 4l10 6-10 6Z',
  send: 'M3.5 4 17 10 3.5 16l2-6Z M5.5 10H10',
  spark: 'M10 2.5l1.9 5.6 5.6 1.9-5.6 1.9-1.9 5.6-1.9-5.6-5.6-1.9 5.6-1.9Z',
  sun: 'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z M10 1.8v1.9 M10 16.3v1.9 M1.8 10h1.9 M16.3 10h1.9 M4.2 4.2l1.4 1.4 M14.4 14.4l1.4 1.4 M15.8 4.2l-1.4 1.4 M5.6 14.4l-1.4 1.4',
  screen: 'M2.5 4h15v10h-15Z M7 17h6 M10 14v3',
  thumb: 'M6 9v7.5H3.5V9Z M6 9l3-6c1.6 0 2.2 1 2 2.5L10.6 8h4.9c1 0 1.6.9 1.4 1.8l-1.2 5.4c-.2.8-.8 1.3-1.6 1.3H6',
  trash: 'M4 5.5h12 M7.5 5.5v-2h5v2 M5.5 5.5l.8 11h7.4l.8-11 M8.5 8.5v5 M11.5 8.5v5',
} as const

export type IconName = keyof typeof shapes

interface IconProps {
  readonly name: IconName
  readonly class?: string
}

/** A decorative icon, hidden from screen readers. */
export function Icon({ name, class: more = '' }: IconProps): ComponentChild {
  return (
    <svg class={`icon icon-${name} ${more}`} viewBox="0 0 20 20" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  )
}

/** The logo of imagepull, as in `icon.svg`. */
export function Logo(): ComponentChild {
  return (
    <svg class="logo" viewBox="0 0 36 36" aria-hidden="true">
      <rect class="logo-ground" width={36} height={36} rx={8} />
      <path
        class="logo-lines"
        d="M18 7.5v13 M12 15l6 6 6-6 M8.5 20.5v6.2c0 1 .8 1.8 1.8 1.8h15.4c1 0 1.8-.8 1.8-1.8v-6.2"
      />
    </svg>
  )
}

interface AvatarProps {
  /** The id of a user; undefined: Slack itself. */
  readonly user?: string | undefined
  readonly size: 'small' | 'medium' | 'large'
}

const hues = 6

/** An avatar: the app's logo, a robot for other apps, or a person's first letter. No picture is loaded. */
export function Avatar({ user = '', size }: AvatarProps): ComponentChild {
  const { users, bot } = useDesk()
  const { name = '', realName = '', isBot = true } = users.get(user) ?? {}
  const kind = isBot
    ? user
      ? 'bot'
      : 'slackbot'
    : `hue-${[...user].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % hues}`
  const shown = isBot ? <Icon name="bot" /> : [...(realName || name)].slice(0, 1).join('').toUpperCase()
  if (user === bot.userId)
    return (
      <span class={`avatar avatar-${size}`} aria-hidden="true">
        <Logo />
      </span>
    )
  return (
    <span class={`avatar avatar-${size} avatar-${kind}`} aria-hidden="true">
      {shown}
    </span>
  )
}
