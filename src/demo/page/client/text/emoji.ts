import { type ComponentChild, h } from 'preact'
import { emojiCharacters } from './emoji-characters.ts'

interface Props {
  /** Without colons: `red_circle`, `wave::skin-tone-2`. */
  readonly name: string
  /** Code points: `1f534`, `26a0-fe0f`. */
  readonly unicode?: string | undefined
}

export function Emoji({ name, unicode }: Props): ComponentChild {
  const character = fromUnicode(unicode) ?? emojiCharacters[name.split('::')[0] ?? '']
  if (!character) return h('span', { class: 'emoji-name' }, `:${name}:`)
  return h(
    'span',
    { class: 'emoji', role: 'img', 'aria-label': name.replaceAll('_', ' '), title: `:${name}:` },
    character,
  )
}

function fromUnicode(unicode: string | undefined): string | undefined {
  const points = unicode?.split('-').map((part) => Number.parseInt(part, 16)) ?? []
  const areValid = points.length > 0 && points.every((point) => point >= 0 && point <= 0x10ffff)
  return areValid ? String.fromCodePoint(...points) : undefined
}
