import { type ComponentChild, Fragment, h } from 'preact'
import type { Scene } from '../../scene.ts'
import { useAnnouncement } from '../state/use-announcement.ts'
import { ModalView } from './modal-view.ts'

interface Props {
  readonly scene: Scene
  readonly isConnected: boolean
  readonly toast: string
}

/** What lies above everything else, and what only a screen reader says. */
export function Overlays({ scene, isConnected, toast }: Props): ComponentChild {
  const words = isConnected ? toast : 'The demo has stopped. Start it again, and this page goes on.'
  return h(
    Fragment,
    null,
    scene.views.map((view, index) => h(ModalView, { key: view.id, view, isStacked: index > 0 })),
    h(
      'div',
      { class: 'toast-place', role: 'status' },
      words && h('div', { class: `toast ${isConnected ? '' : 'stopped'}` }, words),
    ),
    h('div', { class: 'unseen', 'aria-live': 'polite' }, useAnnouncement(scene)),
  )
}
