import type { TaskCardBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { WebLink } from '../text/web-link.ts'
import { RichText } from './rich-text.ts'
import { TaskMark } from './task-mark.ts'

export function TaskCard({ task }: { readonly task: TaskCardBlock }): ComponentChild {
  const { title, status = 'pending', details, output, sources = [] } = task
  return h(
    'div',
    { class: `task-card is-${status}` },
    h(TaskMark, { status }),
    h(
      'div',
      { class: 'task-words' },
      h('div', { class: 'task-title' }, title),
      details && h('div', { class: 'task-details' }, h(RichText, { block: details })),
      output && h('div', { class: 'task-output' }, h(RichText, { block: output })),
      sources.length > 0 &&
        h(
          'div',
          { class: 'task-sources' },
          sources.map(({ url, text }) => h(WebLink, { key: url, url, label: text })),
        ),
    ),
  )
}
