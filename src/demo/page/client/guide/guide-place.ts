import { type ComponentChild, Fragment, h } from 'preact'
import { useState } from 'preact/hooks'
import type { Scene, Suggestion } from '../../scene.ts'
import { Dialog } from '../parts/dialog.ts'
import { Icon } from '../parts/icon.ts'
import { Guide } from './guide.ts'
import { TopLine } from './top-line.ts'

interface Props {
  readonly scene: Scene
  /** There is room for it beside Slack. */
  readonly isWide: boolean
  onSend(suggestion: Suggestion): void
  onFill(suggestion: Suggestion): void
  /** Something is about to be tried. */
  onTry(): void
}

/** The guide beside Slack; where there is no room, it comes when it is asked for, and goes when something is tried. */
export function GuidePlace({ scene, isWide, onSend, onFill, onTry }: Props): ComponentChild {
  const [isOpen, setOpen] = useState(false)
  const trying = (act: (suggestion: Suggestion) => void) => (suggestion: Suggestion) => {
    setOpen(false)
    onTry()
    act(suggestion)
  }
  const guide = h(Guide, { scene, onSend: trying(onSend), onFill: trying(onFill) })
  if (isWide) return h('aside', { class: 'guide', 'aria-label': 'The demo' }, guide)
  const close = (): void => setOpen(false)
  const cross = { type: 'button', class: 'icon-button sheet-close', 'aria-label': 'Close', onClick: close } as const
  return h(
    Fragment,
    null,
    h(TopLine, { onMore: () => setOpen(true) }),
    isOpen &&
      h(
        Dialog,
        { label: 'What to try', class: 'sheet', onClose: close },
        h('button', cross, h(Icon, { name: 'close' })),
        guide,
      ),
  )
}
