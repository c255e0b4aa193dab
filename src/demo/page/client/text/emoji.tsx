import type { ComponentChild } from 'preact'

interface Props {
  /** Without colons: `red_circle`, `wave::skin-tone-2`. */
  readonly name: string
  /** Code points: `1f534`, `26a0-fe0f`. */
  readonly unicode?: string | undefined
}

export function Emoji({ name, unicode }: Props): ComponentChild {
  const character = fromUnicode(unicode) ?? emojiCharacters[name.split('::')[0] ?? '']
  if (!character) return <span class="emoji-name">{`:${name}:`}</span>
  return (
    <span class="emoji" role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {character}
    </span>
  )
}

function fromUnicode(unicode: string | undefined): string | undefined {
  const points = unicode?.split('-').map((part) => Number.parseInt(part, 16)) ?? []
  const areValid = points.length > 0 && points.every((point) => point >= 0 && point <= 0x10ffff)
  return areValid ? String.fromCodePoint(...points) : undefined
}

/** The most common emoji. Others are shown by name. */
export const emojiCharacters: Readonly<Record<string, string>> = {
  '+1': '👍',
  '-1': '👎',
  alarm_clock: '⏰',
  arrow_down: '⬇️',
  arrow_right: '➡️',
  arrow_up: '⬆️',
  arrows_counterclockwise: '🔄',
  bangbang: '‼️',
  bell: '🔔',
  black_circle: '⚫',
  boom: '💥',
  bug: '🐛',
  bulb: '💡',
  clipboard: '📋',
  construction: '🚧',
  exclamation: '❗',
  eyes: '👀',
  fire: '🔥',
  gear: '⚙️',
  grey_question: '❔',
  hammer: '🔨',
  heart: '❤️',
  heavy_check_mark: '✔️',
  heavy_minus_sign: '➖',
  heavy_plus_sign: '➕',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  information_source: 'ℹ️',
  key: '🔑',
  large_blue_circle: '🔵',
  large_green_circle: '🟢',
  large_orange_circle: '🟠',
  large_purple_circle: '🟣',
  large_yellow_circle: '🟡',
  link: '🔗',
  lock: '🔒',
  mag: '🔍',
  memo: '📝',
  mute: '🔇',
  no_bell: '🔕',
  no_entry: '⛔',
  octagonal_sign: '🛑',
  ok: '🆗',
  ok_hand: '👌',
  package: '📦',
  point_right: '👉',
  pray: '🙏',
  pushpin: '📌',
  question: '❓',
  raised_hands: '🙌',
  red_circle: '🔴',
  rocket: '🚀',
  rotating_light: '🚨',
  shrug: '🤷',
  slightly_smiling_face: '🙂',
  smile: '😄',
  sos: '🆘',
  tada: '🎉',
  thinking_face: '🤔',
  thumbsdown: '👎',
  thumbsup: '👍',
  ticket: '🎫',
  warning: '⚠️',
  wave: '👋',
  whale: '🐳',
  white_check_mark: '✅',
  white_circle: '⚪',
  wrench: '🔧',
  x: '❌',
  zap: '⚡',
  zzz: '💤',
}
