import { type ComponentChild, h } from 'preact'
import { useNow } from '../state/use-now.ts'
import { formatDate } from '../text/format-date.ts'

/** Between days. `at`: seconds since 1970. */
export function DayLine({ at }: { readonly at: number }): ComponentChild {
  const words = formatDate(at, '{day_divider_pretty}', { now: useNow() })
  return h('div', { class: 'day-line', role: 'separator' }, h('span', null, words))
}
