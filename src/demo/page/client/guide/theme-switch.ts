import { type ComponentChild, h } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.ts'
import { theme } from '../state/theme.ts'

const themes = [
  { name: 'system', label: 'As the system', icon: 'screen' },
  { name: 'light', label: 'Light', icon: 'sun' },
  { name: 'dark', label: 'Dark', icon: 'moon' },
] as const

export function ThemeSwitch(): ComponentChild {
  const [chosen, setChosen] = useState(theme.chosen)
  const choices = themes.map(({ name, label, icon }) => {
    const choose = (): void => {
      theme.choose(name)
      setChosen(name)
    }
    const radio = { type: 'radio', name: 'theme', value: name, checked: name === chosen, onChange: choose } as const
    const words = h('span', { class: 'unseen' }, label)
    return h('label', { key: name, title: label }, h('input', radio), h(Icon, { name: icon }), words)
  })
  return h('fieldset', { class: 'theme-switch' }, h('legend', { class: 'unseen' }, 'Colours'), choices)
}
