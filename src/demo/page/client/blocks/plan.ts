import type { PlanBlock, TaskCardBlock } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.ts'
import { TaskCard } from './task-card.ts'
import { TaskMark, type TaskStatus } from './task-mark.ts'

/** Steps as they go on, under a title that says how far they are. */
export function Plan({ block }: { readonly block: PlanBlock }): ComponentChild {
  const { title } = block
  const tasks = (block.tasks ?? []) as readonly TaskCardBlock[] // validated when it was posted
  const [isOpen, setOpen] = useState(true)
  const status = statusOf(tasks.map((task) => task.status ?? 'pending'))
  return h(
    'div',
    { class: `block-plan plan-${status}` },
    h(
      'button',
      { type: 'button', class: 'plan-head', 'aria-expanded': isOpen, onClick: () => setOpen(!isOpen) },
      h(TaskMark, { status }),
      h('span', { class: 'plan-title' }, title),
      h(Icon, { name: 'chevron' }),
    ),
    isOpen &&
      h(
        'ol',
        { class: 'plan-tasks' },
        tasks.map((task) => h('li', { key: task.task_id }, h(TaskCard, { task }))),
      ),
  )
}

/** A plan with a step that failed may still have come to its end. */
function statusOf(all: readonly TaskStatus[]): TaskStatus {
  if (all.includes('in_progress')) return 'in_progress'
  if (all.every((status) => status === 'pending')) return 'pending'
  if (all.includes('pending')) return 'in_progress'
  return all.every((status) => status === 'error') ? 'error' : 'complete'
}
