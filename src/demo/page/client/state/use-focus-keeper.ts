import { useEffect } from 'preact/hooks'

/**
 * When what has the keyboard goes away, as buttons do once they are pressed, the keyboard goes on in the message around it,
 * and not at the beginning of the page.
 */
export function useFocusKeeper(): void {
  useEffect(() => {
    let last: HTMLElement | undefined
    let homes: readonly HTMLElement[] = []
    const remember = ({ target }: FocusEvent): void => {
      last = target instanceof HTMLElement ? target : undefined
      homes = last ? homesAround(last) : []
    }
    const keep = (): void => {
      const isLost = last && !last.isConnected && document.activeElement === document.body && document.hasFocus()
      if (isLost) homes.find((home) => home.isConnected)?.focus({ preventScroll: true })
    }
    const forget = (): void => {
      last = undefined
    }
    // Later, for while the keyboard moves on, it is nowhere.
    const observer = new MutationObserver(() => setTimeout(keep))
    observer.observe(document.body, { childList: true, subtree: true })
    document.addEventListener('focusin', remember)
    document.addEventListener('pointerdown', forget) // whoever points, chose to leave
    return () => {
      observer.disconnect()
      document.removeEventListener('focusin', remember)
      document.removeEventListener('pointerdown', forget)
    }
  }, [])
}

/** From the inside to the outside. */
function homesAround(element: HTMLElement): readonly HTMLElement[] {
  const home = element.closest<HTMLElement>('[data-focus-home]')
  if (!home) return []
  return [home, ...(home.parentElement ? homesAround(home.parentElement) : [])]
}
