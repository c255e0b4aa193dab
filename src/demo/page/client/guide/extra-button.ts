import { type ComponentChild, h } from 'preact'
import type { ExtraState } from '../../scene.ts'
import { TaskMark } from '../blocks/task-mark.ts'
import { Icon } from '../parts/icon.ts'
import { useDesk } from '../state/desk.ts'

const words = { ready: '', running: ' (under way)', done: ' (done)', failed: ' (failed)' } as const

/** Something that the demo does with its cluster or registry, with how far it is. */
export function ExtraButton({ extra }: { readonly extra: ExtraState }): ComponentChild {
  const { act, say } = useDesk()
  const { id, label, says, state } = extra
  async function run(): Promise<void> {
    const outcome = await act({ act: 'run', extra: id })
    if (outcome.kind === 'cannot') say(outcome.says)
  }
  return h(
    'button',
    { type: 'button', class: `extra is-${state}`, 'aria-disabled': state === 'running', onClick: run },
    h(
      'span',
      { class: 'extra-mark' },
      state === 'ready' ? h(Icon, { name: 'play' }) : h(TaskMark, { status: marks[state] }),
    ),
    h(
      'span',
      { class: 'extra-words' },
      h('b', null, label),
      h('span', { class: 'unseen', 'aria-live': 'polite' }, words[state]),
      h('span', null, says),
    ),
  )
}

const marks = { running: 'in_progress', done: 'complete', failed: 'error' } as const
