import type { PlanBlock, TaskCardBlock } from '@slack/types'
import type { ComponentChild } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../elements/icon.tsx'
import { WebLink } from '../text/link.tsx'
import { RichText } from './rich-text.tsx'

/** The steps of a plan with their progress, under its title. */
export function Plan({ block }: { readonly block: PlanBlock }): ComponentChild {
  const { title } = block
  const tasks = (block.tasks ?? []) as readonly TaskCardBlock[] // validated when it was posted
  const [isOpen, setOpen] = useState(true)
  const status = statusOf(tasks.map((task) => task.status ?? 'pending'))
  return (
    <div class={`block-plan plan-${status}`}>
      <button type="button" class="plan-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <TaskMark status={status} />
        <span class="plan-title">{title}</span>
        <Icon name="chevron" />
      </button>
      {isOpen && (
        <ol class="plan-tasks">
          {tasks.map((task) => (
            <li key={task.task_id}>
              <TaskCard task={task} />
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

/** Returns the status of a plan. A plan with a failed step may still be complete. */
function statusOf(all: readonly TaskStatus[]): TaskStatus {
  if (all.includes('in_progress')) return 'in_progress'
  if (all.every((status) => status === 'pending')) return 'pending'
  if (all.includes('pending')) return 'in_progress'
  return all.every((status) => status === 'error') ? 'error' : 'complete'
}

export function TaskCard({ task }: { readonly task: TaskCardBlock }): ComponentChild {
  const { title, status = 'pending', details, output, sources = [] } = task
  return (
    <div class={`task-card is-${status}`}>
      <TaskMark status={status} />
      <div class="task-words">
        <div class="task-title">{title}</div>
        {details && (
          <div class="task-details">
            <RichText block={details} />
          </div>
        )}
        {output && (
          <div class="task-output">
            <RichText block={output} />
          </div>
        )}
        {sources.length > 0 && (
          <div class="task-sources">
            {sources.map(({ url, text }) => (
              <WebLink key={url} url={url} label={text} />
            ))}
          </div>
        )}
      </div>
    </div>
  )
}

type TaskStatus = 'pending' | 'in_progress' | 'complete' | 'error'

const words: Readonly<Record<TaskStatus, string>> = {
  pending: 'to do',
  in_progress: 'in progress',
  complete: 'done',
  error: 'failed',
}

/** A ring that is empty, spinning, or marked with the result. */
export function TaskMark({ status }: { readonly status: TaskStatus }): ComponentChild {
  return (
    <span class={`task-mark task-${status}`} role="img" aria-label={words[status]}>
      {status === 'complete' && <Icon name="check" />}
      {status === 'error' && <Icon name="close" />}
    </span>
  )
}
