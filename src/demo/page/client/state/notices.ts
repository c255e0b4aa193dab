import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Act } from '../../acts.ts'
import type { Scene } from '../../scene.ts'

/** Keeps the newest fifty notices of Slack for the viewer. */
export function useNotices(): readonly [readonly Notice[], (notice: Omit<Notice, 'id'>) => void] {
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const add = useCallback((notice: Omit<Notice, 'id'>) => {
    setNotices((before) => [...before, { ...notice, id: crypto.randomUUID() }].slice(-50))
  }, [])
  return [notices, add]
}

/** Milliseconds. */
const shownFor = 6_000

/** Returns the current toast, and the function that shows one. */
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

/**
 * Returns the announcement for screen readers: the short text of the newest message of somebody else. Edits are silent, as
 * in Slack.
 */
export function useAnnouncement({ messages, ephemerals, viewer, users }: Scene): string {
  const said = useRef(newest())
  const [words, setWords] = useState('')

  function newest(): string {
    return [messages.at(-1)?.ts ?? '', ephemerals.at(-1)?.ts ?? ''].toSorted().at(-1) ?? ''
  }

  useEffect(() => {
    const fresh = [...messages, ...ephemerals].filter(({ ts, user }) => ts > said.current && user !== viewer)
    const toViewer = ephemerals.filter(({ ts }) => ts > said.current)
    said.current = newest()
    const last = [...fresh, ...toViewer].at(-1)
    if (!last) return
    const author =
      toViewer.length > 0 && last === toViewer.at(-1)
        ? 'To you alone'
        : (users.find(({ id }) => id === last.user)?.name ?? '')
    setWords(`${author}: ${last.text}`)
  }, [messages, ephemerals])
  return words
}

/** A notice of Slack for the viewer. It exists only in this page. */
export interface Notice {
  readonly id: string
  readonly channel: string
  readonly thread?: string
  /** The ts of the message that it follows. */
  readonly ts: string
  readonly text: string
  /** An action that the viewer can take. */
  readonly offer?: { readonly label: string; readonly act: Act }
}
