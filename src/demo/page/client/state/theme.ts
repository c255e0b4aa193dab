export type Theme = 'system' | 'light' | 'dark'

const key = 'theme'

/** Light, dark, or as the system has it. The choice is remembered in this browser, where it lets pages remember. */
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
