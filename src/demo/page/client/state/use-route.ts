import { useCallback, useEffect, useState } from 'preact/hooks'
import { pathOf, type Route, routeOf } from './route.ts'

/** What is open, in step with the address and the browser's way back. */
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
