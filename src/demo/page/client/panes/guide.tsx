import type { ComponentChild } from 'preact'
import { useState } from 'preact/hooks'
import type { ExtraState, Scene, Suggestion } from '../../scene.ts'
import { TaskMark } from '../blocks/plan.tsx'
import { Dialog } from '../elements/dialog.tsx'
import { Icon, Logo } from '../elements/icon.tsx'
import { useDesk } from '../state/desk.ts'
import { theme } from '../state/theme.ts'

interface GuideProps {
  readonly scene: Scene
  onSend(suggestion: Suggestion): void
  /** Puts it into the composer. */
  onFill(suggestion: Suggestion): void
}

/** The guide of the demo: an introduction, suggestions, and extra actions. */
function Guide({ scene, onSend, onFill }: GuideProps): ComponentChild {
  const { suggestions, extras } = scene
  const tries = suggestions.map((suggestion) => (
    <li key={suggestion.label}>
      <SuggestionCard suggestion={suggestion} onSend={onSend} onFill={onFill} />
    </li>
  ))
  const others = extras.map((extra) => (
    <li key={extra.id}>
      <ExtraButton extra={extra} />
    </li>
  ))
  return (
    <div class="guide-inside">
      <Head />
      <div class="guide-lists">
        <h2>What to try</h2>
        <ul class="suggestions">{tries}</ul>
        {others.length > 0 && <h2>What else may happen</h2>}
        {others.length > 0 && <ul class="extras">{others}</ul>}
      </div>
      <Foot />
    </div>
  )
}

function Head(): ComponentChild {
  return (
    <div class="guide-head">
      <Logo />
      <div>
        <b>imagepull</b>
        <span>why an image cannot be pulled</span>
      </div>
    </div>
  )
}

/** The text fragment scrolls to that heading, in browsers that support it. */
const install = '/README.md#:~:text=Install%20it%20in%20Slack'

function Foot(): ComponentChild {
  const link = { class: 'link', href: install, target: '_blank', rel: 'noopener' }
  return (
    <footer class="guide-foot">
      <p>A demo: Slack and the cluster are simulated, the bot is the real one.</p>
      <p>
        <a {...link}>
          {'Install it'}
          <Icon name="chevron" />
        </a>
      </p>
      <ThemeSwitch />
    </footer>
  )
}

interface GuidePlaceProps {
  readonly scene: Scene
  /** The window has room for the guide beside Slack. */
  readonly isWide: boolean
  onSend(suggestion: Suggestion): void
  onFill(suggestion: Suggestion): void
  /** Called when the viewer tries a suggestion. */
  onTry(): void
}

/** The guide beside Slack. In a narrow window it opens on request and closes when a suggestion is tried. */
export function GuidePlace({ scene, isWide, onSend, onFill, onTry }: GuidePlaceProps): ComponentChild {
  const [isOpen, setOpen] = useState(false)
  const trying = (act: (suggestion: Suggestion) => void) => (suggestion: Suggestion) => {
    setOpen(false)
    onTry()
    act(suggestion)
  }
  const guide = <Guide scene={scene} onSend={trying(onSend)} onFill={trying(onFill)} />
  if (isWide)
    return (
      <aside class="guide" aria-label="The demo">
        {guide}
      </aside>
    )
  const close = (): void => setOpen(false)
  const cross = { type: 'button', class: 'icon-button sheet-close', 'aria-label': 'Close', onClick: close } as const
  return (
    <>
      <TopLine onMore={() => setOpen(true)} />
      {isOpen && (
        <Dialog label="What to try" class="sheet" onClose={close}>
          <button {...cross}>
            <Icon name="close" />
          </button>
          {guide}
        </Dialog>
      )}
    </>
  )
}

/** One line about the demo, with a button for the suggestions. */
function TopLine({ onMore }: { onMore(): void }): ComponentChild {
  return (
    <header class="top-line">
      <Logo />
      <p>
        <b>Demo.</b>
        {' Slack and the cluster are simulated, the bot is real.'}
      </p>
      <button type="button" class="button" onClick={onMore}>
        <Icon name="spark" />
        {'Guide'}
      </button>
    </header>
  )
}

const themes = [
  { name: 'system', label: 'As the system', icon: 'screen' },
  { name: 'light', label: 'Light', icon: 'sun' },
  { name: 'dark', label: 'Dark', icon: 'moon' },
] as const

function ThemeSwitch(): ComponentChild {
  const [chosen, setChosen] = useState(theme.chosen)
  const choices = themes.map(({ name, label, icon }) => {
    const choose = (): void => {
      theme.choose(name)
      setChosen(name)
    }
    const radio = { type: 'radio', name: 'theme', value: name, checked: name === chosen, onChange: choose } as const
    const words = <span class="unseen">{label}</span>
    return (
      <label key={name} title={label}>
        <input {...radio} />
        <Icon name={icon} />
        {words}
      </label>
    )
  })
  return (
    <fieldset class="theme-switch">
      <legend class="unseen">Colours</legend>
      {choices}
    </fieldset>
  )
}

interface SuggestionCardProps {
  readonly suggestion: Suggestion
  onSend(suggestion: Suggestion): void
  onFill(suggestion: Suggestion): void
}

/** A suggestion. A click sends it; the pencil puts it into the composer. */
function SuggestionCard({ suggestion, onSend, onFill }: SuggestionCardProps): ComponentChild {
  const { label, text, description } = suggestion
  return (
    <div class="suggestion">
      <button type="button" class="suggestion-send" onClick={() => onSend(suggestion)}>
        <b>{label}</b>
        <span>{description}</span>
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

/** Suggestions in a row above the composer, for narrow windows. */
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

const words = { ready: '', running: ' (running)', done: ' (done)', failed: ' (failed)' } as const

/** A button for an extra action of the demo, with its state. */
function ExtraButton({ extra }: { readonly extra: ExtraState }): ComponentChild {
  const { act, say } = useDesk()
  const { id, label, description, state } = extra
  async function run(): Promise<void> {
    const outcome = await act({ act: 'run', extra: id })
    if (outcome.kind === 'cannot') say(outcome.message)
  }
  return (
    <button type="button" class={`extra is-${state}`} aria-disabled={state === 'running'} onClick={run}>
      <span class="extra-mark">{state === 'ready' ? <Icon name="play" /> : <TaskMark status={marks[state]} />}</span>
      <span class="extra-words">
        <b>{label}</b>
        <span class="unseen" aria-live="polite">
          {words[state]}
        </span>
        <span>{description}</span>
      </span>
    </button>
  )
}

const marks = { running: 'in_progress', done: 'complete', failed: 'error' } as const
