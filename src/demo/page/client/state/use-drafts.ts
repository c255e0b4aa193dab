import { useRef, useState } from 'preact/hooks'

/** What stands in the composers, also while they are not shown. */
export interface Drafts {
  textOf(place: string): string
  keep(place: string, text: string): void
  /** Whether a composer that appears now should have the keyboard: once after each order. */
  takeFocus(): boolean
}

interface Ordered {
  readonly drafts: Drafts
  /** Grows with each order: the composer is then drawn anew. */
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
