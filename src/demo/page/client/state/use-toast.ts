import { useCallback, useEffect, useState } from 'preact/hooks'

/** Milliseconds. */
const shownFor = 6_000

/** A line for a moment, and how to show one. */
export function useToast(): readonly [string, (words: string) => void] {
  const [toast, setToast] = useState({ words: '' })
  useEffect(() => {
    if (!toast.words) return undefined
    const timer = setTimeout(() => setToast({ words: '' }), shownFor)
    return () => clearTimeout(timer)
  }, [toast])
  const say = useCallback((words: string) => setToast({ words }), [])
  return [toast.words, say]
}
