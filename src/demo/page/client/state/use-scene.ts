import { useEffect, useState } from 'preact/hooks'
import type { Changes } from '../../changes.ts'
import type { Scene } from '../../scene.ts'
import { applyChanges } from './apply-changes.ts'

interface Seen {
  /** undefined: nothing has come yet. */
  readonly scene: Scene | undefined
  readonly isConnected: boolean
}

/** What the server shows, as it changes. The browser connects anew by itself, and is then sent everything. */
export function useScene(): Seen {
  const [seen, setSeen] = useState<Seen>({ scene: undefined, isConnected: false })
  useEffect(() => {
    const events = new EventSource('/events')
    events.addEventListener('scene', ({ data }) => {
      setSeen({ scene: JSON.parse(data) as Scene, isConnected: true }) // of our own server
    })
    events.addEventListener('changes', ({ data }) => {
      const changes = JSON.parse(data) as Changes // of our own server
      setSeen(({ scene }) => ({ scene: scene && applyChanges(scene, changes), isConnected: true }))
    })
    events.addEventListener('error', () => setSeen(({ scene }) => ({ scene, isConnected: false })))
    return () => events.close()
  }, [])
  return seen
}
