import { useEffect, useRef, useState } from 'preact/hooks'
import type { Scene } from '../../scene.ts'

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
