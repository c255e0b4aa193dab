import type {
  ActionsBlockElement,
  Button,
  ContextActionsBlock,
  FeedbackButtons,
  IconButton,
  Overflow,
  SectionBlockAccessory,
} from '@slack/types'
import type { ComponentChild } from 'preact'
import { useState } from 'preact/hooks'
import { Picture, UnknownBlock } from '../blocks/simple.tsx'
import { useDesk } from '../state/desk.ts'
import { PlainText } from '../text/mrkdwn.tsx'
import { Icon } from './icon.tsx'
import { Menu } from './menu.tsx'
import { SelectElement } from './select.tsx'
import { usePress } from './use-press.ts'

interface ElementProps {
  readonly element: ActionsBlockElement | ContextActionsBlock['elements'][number] | SectionBlockAccessory
  readonly blockId: string
}

/** An interactive element of a block. */
export function Element({ element, blockId }: ElementProps): ComponentChild {
  switch (element.type) {
    case 'button':
      return <ButtonElement element={element} blockId={blockId} />
    case 'overflow':
      return <OverflowElement element={element} blockId={blockId} />
    case 'static_select':
    case 'users_select':
    case 'channels_select':
    case 'conversations_select':
      return <SelectElement element={element} blockId={blockId} />
    case 'feedback_buttons':
      return <FeedbackElement element={element} blockId={blockId} />
    case 'icon_button':
      return <IconElement element={element} blockId={blockId} />
    case 'image':
      return <Picture image={element} />
    default:
      return <UnknownBlock type={element.type} />
  }
}

interface ButtonElementProps {
  readonly element: Button
  readonly blockId: string
}

/** A button. A button with a URL also opens it. */
function ButtonElement({ element, blockId }: ButtonElementProps): ComponentChild {
  const { text, style, url, value, accessibility_label: label } = element
  const { isBusy, press, question } = usePress(element, blockId)
  const kind = `button ${style ? `button-${style}` : ''} ${isBusy ? 'busy' : ''}`
  const shown = { class: kind, 'aria-label': label, onClick: () => press(value) }
  const words = <PlainText text={text.text} />
  if (url && /^https?:/.test(url))
    return (
      <a {...shown} href={url} target="_blank" rel="noopener noreferrer" title={url}>
        {words}
      </a>
    )
  return (
    <>
      <button {...shown} type="button" aria-disabled={isBusy} aria-busy={isBusy}>
        {words}
      </button>
      {question}
    </>
  )
}

interface IconElementProps {
  readonly element: IconButton
  readonly blockId: string
}

/** A small button with an icon, shown only to some users. */
function IconElement({ element, blockId }: IconElementProps): ComponentChild {
  const { viewer } = useDesk()
  const { press, question } = usePress(element, blockId)
  const { text, value, accessibility_label: label, visible_to_user_ids: seers } = element
  if (seers && !seers.includes(viewer)) return null
  const shown = { type: 'button', class: 'icon-button', title: text.text, onClick: () => press(value) } as const
  return (
    <>
      <button {...shown} aria-label={label ?? text.text}>
        <Icon name="trash" />
      </button>
      {question}
    </>
  )
}

interface OverflowElementProps {
  readonly element: Overflow
  readonly blockId: string
}

function OverflowElement({ element, blockId }: OverflowElementProps): ComponentChild {
  const { isBusy, press, question } = usePress(element, blockId)
  const items = element.options.map(({ text, value = '', description }) => ({
    value,
    label: text.text,
    description: description?.text,
  }))
  const kind = `button button-more ${isBusy ? 'busy' : ''}`
  const menu = { label: 'More actions', class: kind, items, onChoose: press }
  return (
    <>
      <Menu {...menu}>
        <Icon name="more" />
      </Menu>
      {question}
    </>
  )
}

interface FeedbackElementProps {
  readonly element: FeedbackButtons
  readonly blockId: string
}

/** Thumbs up and down. The pressed one stays marked. */
function FeedbackElement({ element, blockId }: FeedbackElementProps): ComponentChild {
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
    return (
      <button {...shown} aria-label={label} aria-pressed={given === of.value}>
        <Icon name="thumb" />
      </button>
    )
  }
  return (
    <>
      {button(positive, '')}
      {button(negative, 'upside-down')}
    </>
  )
}
