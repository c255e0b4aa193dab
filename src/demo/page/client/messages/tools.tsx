import type { ComponentChild } from 'preact'
import { useState } from 'preact/hooks'
import type { Message } from '../../../../simulator/slack/workspace/records.ts'
import { Icon } from '../elements/icon.tsx'
import { Menu } from '../elements/menu.tsx'
import { useDesk } from '../state/desk.ts'
import { pathOf } from '../state/route.ts'
import { Emoji } from '../text/emoji.tsx'

interface Props {
  readonly message: Message
  /** The root of the thread that the message is in, or begins. */
  readonly root: string
  readonly in: 'channel' | 'thread'
}

const quickReactions = ['white_check_mark', 'eyes', 'raised_hands'] as const

/** The toolbar of a message. It is one tab stop; arrow keys move between its buttons. */
export function MessageTools({ message, root, in: where }: Props): ComponentChild {
  const { act, go } = useDesk()
  const { channel, ts } = message
  const items = useItems(message, root)
  const reactions = quickReactions.map((name, index) => {
    const label = `React with ${name.replaceAll('_', ' ')}`
    const react = (): unknown => act({ act: 'react', channel, ts, name })
    const button = {
      key: name,
      type: 'button',
      tabIndex: index === 0 ? 0 : -1,
      'aria-label': label,
      onClick: react,
    } as const
    return (
      <button {...button}>
        <Emoji name={name} />
      </button>
    )
  })
  const reply = { type: 'button', tabIndex: -1, 'aria-label': 'Reply in thread', title: 'Reply in thread' } as const
  return (
    <div class="message-tools" role="toolbar" aria-label="Actions for this message" onKeyDown={move}>
      {reactions}
      {where === 'channel' && (
        <button {...reply} onClick={() => go({ channel, thread: root })}>
          <Icon name="bubble" />
        </button>
      )}
      <Menu label="More for this message" class="tool-more" isRoving {...items}>
        <Icon name="more" />
      </Menu>
    </div>
  )
}

function useItems({ channel, ts }: Message, root: string) {
  const { act, shortcuts, say } = useDesk()
  const ofApp = shortcuts.map(({ callbackId: value, label }) => ({ value, label, description: 'imagepull' }))
  async function copyLink(): Promise<void> {
    const path = pathOf({ channel, thread: root, message: ts })
    const copied = navigator.clipboard.writeText(`${location.origin}${path}`)
    await copied.catch(() => say('This browser does not let pages copy.'))
  }
  async function onChoose(value: string): Promise<void> {
    if (value === 'copy-link') return copyLink()
    const outcome = await act({ act: 'shortcut', channel, ts, callbackId: value })
    if (outcome.kind === 'failed') say(`imagepull did not answer (${outcome.error}).`)
  }
  return { items: [...ofApp, { value: 'copy-link', label: 'Copy link' }], onChoose }
}

function move(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  const toolbar = event.currentTarget as HTMLElement // what listens
  const buttons = [...toolbar.querySelectorAll<HTMLElement>('button:not([role=menuitem])')]
  const at = buttons.indexOf(document.activeElement as HTMLElement)
  if (step === undefined || at < 0) return
  event.preventDefault()
  buttons[(at + step + buttons.length) % buttons.length]?.focus()
}

interface Watch {
  onMouseEnter(): void
  onMouseLeave(): void
  onFocusIn(): void
  onFocusOut(event: FocusEvent): void
}

/** Whether a message is hovered or focused, with the handlers that detect it. */
export function useActive(): readonly [boolean, Watch] {
  const [isPointed, setPointed] = useState(false)
  const [isFocused, setFocused] = useState(false)
  const watch: Watch = {
    onMouseEnter: () => setPointed(true),
    onMouseLeave: () => setPointed(false),
    onFocusIn: () => setFocused(true),
    onFocusOut({ currentTarget, relatedTarget }) {
      const isInside =
        currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget)
      if (!isInside) setFocused(false)
    },
  }
  return [isPointed || isFocused, watch]
}
