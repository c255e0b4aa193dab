import type { ComponentChild } from 'preact'
import type { ExtraState, Suggestion } from '../../scene.ts'
import { TaskMark } from '../blocks/plan.tsx'
import { Icon } from '../parts/icon.tsx'
import { useDesk } from '../state/desk.ts'

interface SuggestionCardProps {
  readonly suggestion: Suggestion
  onSend(suggestion: Suggestion): void
  onFill(suggestion: Suggestion): void
}

/** One click sends it; the pencil puts it into the box first. */
export function SuggestionCard({ suggestion, onSend, onFill }: SuggestionCardProps): ComponentChild {
  const { label, text, says } = suggestion
  return (
    <div class="suggestion">
      <button type="button" class="suggestion-send" onClick={() => onSend(suggestion)}>
        <b>{label}</b>
        <span>{says}</span>
        <code title={text}>{text}</code>
      </button>
      <button
        type="button"
        class="icon-button suggestion-fill"
        aria-label={`Put “${label}” into the box`}
        title="Put it into the box"
        onClick={() => onFill(suggestion)}
      >
        <Icon name="pencil" />
      </button>
    </div>
  )
}

interface SuggestionChipsProps {
  readonly suggestions: readonly Suggestion[]
  onSend(suggestion: Suggestion): void
}

/** What to try, in a row above the composer, where there is no room beside it. */
export function SuggestionChips({ suggestions, onSend }: SuggestionChipsProps): ComponentChild {
  const chips = suggestions.map((suggestion) => (
    <button
      key={suggestion.label}
      type="button"
      class="chip"
      title={suggestion.text}
      onClick={() => onSend(suggestion)}
    >
      {suggestion.label}
    </button>
  ))
  return (
    <div class="chips" role="group" aria-label="What to try">
      <span aria-hidden="true">Try</span>
      {chips}
    </div>
  )
}

const words = { ready: '', running: ' (under way)', done: ' (done)', failed: ' (failed)' } as const

/** Something that the demo does with its cluster or registry, with how far it is. */
export function ExtraButton({ extra }: { readonly extra: ExtraState }): ComponentChild {
  const { act, say } = useDesk()
  const { id, label, says, state } = extra
  async function run(): Promise<void> {
    const outcome = await act({ act: 'run', extra: id })
    if (outcome.kind === 'cannot') say(outcome.says)
  }
  return (
    <button type="button" class={`extra is-${state}`} aria-disabled={state === 'running'} onClick={run}>
      <span class="extra-mark">{state === 'ready' ? <Icon name="play" /> : <TaskMark status={marks[state]} />}</span>
      <span class="extra-words">
        <b>{label}</b>
        <span class="unseen" aria-live="polite">
          {words[state]}
        </span>
        <span>{says}</span>
      </span>
    </button>
  )
}

const marks = { running: 'in_progress', done: 'complete', failed: 'error' } as const
