import type { ConfirmationDialog } from '@slack/types'
import { type ComponentChild, Fragment, h } from 'preact'
import { useState } from 'preact/hooks'
import { useDesk } from '../state/desk.ts'
import { type Chooser, choicesOf } from './choices-of.ts'
import { initialOf } from './initial-of.ts'
import { SelectButton } from './select-button.ts'
import { usePress } from './use-press.ts'

interface Props {
  readonly element: Chooser & {
    readonly action_id?: string
    readonly confirm?: ConfirmationDialog
    readonly placeholder?: { readonly text: string }
  }
  readonly blockId: string
}

/** A menu in a message: the app hears of each choice. */
export function SelectElement({ element, blockId }: Props): ComponentChild {
  const desk = useDesk()
  const [chosen, setChosen] = useState(() => [initialOf(element)].flat()[0])
  const { isBusy, press, question } = usePress(element, blockId)
  const placeholder = element.placeholder?.text ?? 'Choose'
  function choose(value: string): void {
    setChosen(value)
    press(value)
  }
  const items = choicesOf(element, desk)
  return h(
    Fragment,
    null,
    h(SelectButton, { label: placeholder, placeholder, items, chosen, isBusy, onChoose: choose }),
    question,
  )
}
