import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Act } from '../../acts.ts'
import type { Scene } from '../../scene.ts'

/** What Slack says to the viewer alone, of the newest fifty. */
export function useNotices(): readonly [readonly Notice[], (notice: Omit<Notice, 'id'>) => void] {
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const add = useCallback((notice: Omit<Notice, 'id'>) => {
    setNotices((before) => [...before, { ...notice, id: crypto.randomUUID() }].slice(-50))
  }, [])
  return [notices, add]
}

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

/** What a screen reader should say: the newest message of somebody else, by its short text. Edits are silent, as in Slack. */
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

/** What Slack itself says to the viewer alone. Only this page knows of it. */
export interface Notice {
  readonly id: string
  readonly channel: string
  readonly thread?: string
  /** Of the message after which it stands. */
  readonly ts: string
  readonly text: string
  /** What the viewer may do about it. */
  readonly offer?: { readonly label: string; readonly act: Act }
}
