import { type ComponentChild, Fragment, h } from 'preact'
import { Emoji } from './emoji.ts'
import { emojiCharacters } from './emoji-characters.ts'

/** Text without markup. Names of emoji between colons are drawn, as Slack does. */
export function PlainText({ text }: { readonly text: string }): ComponentChild {
  const parts = text.split(/:([\w+'-]{1,60}):/)
  const shown = parts.map((part, index) => {
    if (index % 2 === 0) return part
    return emojiCharacters[part] ? h(Emoji, { key: index, name: part }) : `:${part}:`
  })
  return h(Fragment, null, shown)
}
