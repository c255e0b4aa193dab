import { type ComponentChild, h } from 'preact'
import type { Scene, Suggestion } from '../../scene.ts'
import { Icon } from '../parts/icon.ts'
import { Logo } from '../parts/logo.ts'
import { ExtraButton } from './extra-button.ts'
import { SuggestionCard } from './suggestion-card.ts'
import { ThemeSwitch } from './theme-switch.ts'

interface Props {
  readonly scene: Scene
  onSend(suggestion: Suggestion): void
  /** Puts it into the composer. */
  onFill(suggestion: Suggestion): void
}

/** The demo's own part: what this is, what to try, and what else may happen. */
export function Guide({ scene, onSend, onFill }: Props): ComponentChild {
  const { suggestions, extras } = scene
  const tries = suggestions.map((suggestion) =>
    h('li', { key: suggestion.label }, h(SuggestionCard, { suggestion, onSend, onFill })),
  )
  const others = extras.map((extra) => h('li', { key: extra.id }, h(ExtraButton, { extra })))
  return h(
    'div',
    { class: 'guide-inside' },
    h(Head, null),
    h(
      'div',
      { class: 'guide-lists' },
      h('h2', null, 'What to try'),
      h('ul', { class: 'suggestions' }, tries),
      others.length > 0 && h('h2', null, 'What else may happen'),
      others.length > 0 && h('ul', { class: 'extras' }, others),
    ),
    h(Foot, null),
  )
}

function Head(): ComponentChild {
  return h(
    'div',
    { class: 'guide-head' },
    h(Logo, null),
    h('div', null, h('b', null, 'imagepull'), h('span', null, 'why an image cannot be pulled')),
  )
}

/** The fragment leads to the section of that heading, where a browser knows such fragments. */
const install = '/README.md#:~:text=Install'

function Foot(): ComponentChild {
  const link = { class: 'link', href: install, target: '_blank', rel: 'noopener' }
  return h(
    'footer',
    { class: 'guide-foot' },
    h('p', null, 'A demo: Slack and the cluster are simulated, the bot is the real one.'),
    h('p', null, h('a', link, 'Install it', h(Icon, { name: 'chevron' }))),
    h(ThemeSwitch, null),
  )
}
