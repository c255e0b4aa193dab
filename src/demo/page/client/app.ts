import { type ComponentChild, h } from 'preact'
import { Page } from './page.ts'
import { useScene } from './state/use-scene.ts'

/** Waits for what there is to see, and shows it. */
export function App(): ComponentChild {
  const { scene, isConnected } = useScene()
  if (scene) return h(Page, { scene, isConnected })
  return h('div', { class: 'waiting', role: 'status' }, 'Opening the workspace…')
}
