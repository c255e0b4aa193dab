import { useEffect, useState } from 'preact/hooks'

/** Milliseconds since 1970, anew each half minute: for "5 minutes ago" and "today". */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
