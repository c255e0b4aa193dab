import { useEffect, useState } from 'preact/hooks'

export type Theme = 'system' | 'light' | 'dark'

const key = 'theme'

/** The theme: light, dark, or the system's. The browser remembers the choice if it allows storage. */
export const theme = {
  get chosen(): Theme {
    try {
      const kept = localStorage.getItem(key)
      return kept === 'light' || kept === 'dark' ? kept : 'system'
    } catch {
      return 'system'
    }
  },

  choose(chosen: Theme): void {
    theme.show(chosen)
    try {
      localStorage.setItem(key, chosen)
    } catch {
      // It holds until the page is left.
    }
  },

  show(chosen: Theme): void {
    document.documentElement.dataset.theme = chosen
  },
} as const

/** Whether a media query matches. Follows changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const follow = (): void => setHolds(list.matches)
    list.addEventListener('change', follow)
    follow()
    return () => list.removeEventListener('change', follow)
  }, [query])
  return holds
}
