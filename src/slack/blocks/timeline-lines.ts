import type { Incident } from '../../incidents/incident.ts'
import { type Text, text } from '../../text.ts'

type Entry = Incident['timeline'][number]

const words: Readonly<Record<Entry['what'], string>> = {
  asked: 'somebody asked',
  alerted: 'an alert told of it',
  verdict: 'verdict',
  changed: 'another verdict',
  healing: 'it heals',
  fixed: 'fixed',
  gone: 'gone',
  elsewhere: 'not a matter of pulling',
  again: 'happened again',
  joined: 'became a part of another incident',
  interrupted: 'the check was interrupted, and begun again',
  wrong: 'somebody calls the verdict wrong',
  failed: 'not checked',
  action: 'done',
  muted: 'muted',
}

/** What happened, the oldest first. In UTC: plain text knows no time zone of the reader. */
export function timelineLines({ timeline }: Pick<Incident, 'timeline'>): readonly Text[] {
  return timeline.map(({ at, what, detail }, index) => {
    const sameDay = dayOf(at) === dayOf(timeline[index - 1]?.at ?? '')
    const time = `${sameDay ? '' : `${dayOf(at)} `}${at.slice(11, 19)}`
    return text`${{ parts: [`${time} UTC ${words[what]}`] }}${detail ? text`: ${detail}` : text``}`
  })
}

function dayOf(at: string): string {
  return at.slice(0, 10)
}
