import { useCallback, useState } from 'preact/hooks'
import type { Notice } from '../messages/notice.ts'

/** What Slack says to the viewer alone, of the newest fifty. */
export function useNotices(): readonly [readonly Notice[], (notice: Omit<Notice, 'id'>) => void] {
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const add = useCallback((notice: Omit<Notice, 'id'>) => {
    setNotices((before) => [...before, { ...notice, id: crypto.randomUUID() }].slice(-50))
  }, [])
  return [notices, add]
}
