import type { FeedbackButtons } from '@slack/types'
import { type ComponentChild, Fragment, h } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.ts'
import { usePress } from './use-press.ts'

interface Props {
  readonly element: FeedbackButtons
  readonly blockId: string
}

/** Thumbs up and down; the one that was pressed stays marked. */
export function FeedbackElement({ element, blockId }: Props): ComponentChild {
  const { positive_button: positive, negative_button: negative } = element
  const { press } = usePress(element, blockId)
  const [given, setGiven] = useState<string>()
  const button = (of: typeof positive, turn: string): ComponentChild => {
    const give = (): void => {
      setGiven(of.value)
      press(of.value)
    }
    const label = of.accessibility_label ?? of.text.text
    const shown = { type: 'button', class: `icon-button ${turn}`, title: of.text.text, onClick: give } as const
    return h(
      'button',
      { ...shown, 'aria-label': label, 'aria-pressed': given === of.value },
      h(Icon, { name: 'thumb' }),
    )
  }
  return h(Fragment, null, button(positive, ''), button(negative, 'upside-down'))
}
