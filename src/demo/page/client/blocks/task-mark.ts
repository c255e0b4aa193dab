import { type ComponentChild, h } from 'preact'
import { Icon } from '../parts/icon.ts'

export type TaskStatus = 'pending' | 'in_progress' | 'complete' | 'error'

const words: Readonly<Record<TaskStatus, string>> = {
  pending: 'to do',
  in_progress: 'under way',
  complete: 'done',
  error: 'failed',
}

/** A ring that is empty, turns, or holds what became of it. */
export function TaskMark({ status }: { readonly status: TaskStatus }): ComponentChild {
  return h(
    'span',
    { class: `task-mark task-${status}`, role: 'img', 'aria-label': words[status] },
    status === 'complete' && h(Icon, { name: 'check' }),
    status === 'error' && h(Icon, { name: 'close' }),
  )
}
