import { useState } from 'preact/hooks'

interface Watch {
  onMouseEnter(): void
  onMouseLeave(): void
  onFocusIn(): void
  onFocusOut(event: FocusEvent): void
}

/** Whether a message is pointed at or has the keyboard, and what it must listen to for that. */
export function useActive(): readonly [boolean, Watch] {
  const [isPointed, setPointed] = useState(false)
  const [isFocused, setFocused] = useState(false)
  const watch: Watch = {
    onMouseEnter: () => setPointed(true),
    onMouseLeave: () => setPointed(false),
    onFocusIn: () => setFocused(true),
    onFocusOut({ currentTarget, relatedTarget }) {
      const isInside =
        currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget)
      if (!isInside) setFocused(false)
    },
  }
  return [isPointed || isFocused, watch]
}
