import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Changes, Scene } from '../../scene.ts'
import { applyChanges } from './apply-changes.ts'
import { pathOf, type Route, routeOf } from './route.ts'

interface Seen {
  /** undefined: nothing has come yet. */
  readonly scene: Scene | undefined
  readonly isConnected: boolean
}

/** Follows the server's scene. After a reconnect the server sends the whole scene. */
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

/** Keeps the route in step with the address bar and the browser's history. */
export function useRoute(): readonly [Route, (to: Route) => void] {
  const [route, setRoute] = useState<Route>(current)
  useEffect(() => {
    const follow = ({ state }: PopStateEvent): void => setRoute((state as Route | null) ?? current()) // as pushed below
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])
  const go = useCallback((to: Route) => {
    if (pathOf(to) !== location.pathname + location.search) history.pushState(to, '', pathOf(to))
    setRoute(to)
  }, [])
  return [route, go]
}

function current(): Route {
  return routeOf(location.pathname, location.search) ?? {}
}

/** The drafts of all composers, even hidden ones. */
export interface Drafts {
  textOf(place: string): string
  keep(place: string, text: string): void
  /** Whether a new composer should take the focus: once after each order. */
  takeFocus(): boolean
}

interface Ordered {
  readonly drafts: Drafts
  /** Increases with each order, so that the composer is rendered again. */
  readonly orders: number
  /** Puts a text into the composer of a place. */
  order(place: string, text: string): void
}

export function useDrafts(): Ordered {
  const [orders, setOrders] = useState(0)
  const kept = useRef({ texts: new Map<string, string>(), wantsFocus: false }).current
  const drafts: Drafts = {
    textOf: (place) => kept.texts.get(place) ?? '',
    keep: (place, text) => kept.texts.set(place, text),
    takeFocus() {
      const { wantsFocus } = kept
      kept.wantsFocus = false
      return wantsFocus
    },
  }
  function order(place: string, text: string): void {
    kept.texts.set(place, text)
    kept.wantsFocus = true
    setOrders((count) => count + 1)
  }
  return { drafts, orders, order }
}
