import type { ModalView as Content, KnownBlock } from '@slack/types'
import type { ComponentChild } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { View } from '../../../../simulator/slack/workspace/records.ts'
import type { Scene } from '../../scene.ts'
import { Blocks } from '../blocks/blocks.tsx'
import { Dialog } from '../elements/dialog.tsx'
import { Icon } from '../elements/icon.tsx'
import { InputRow, initialValues, inputsOf, problemsOf, type Values } from '../elements/inputs.tsx'
import { PlaceContext, useDesk } from '../state/desk.ts'
import { useAnnouncement } from '../state/notices.ts'

interface ModalViewProps {
  readonly view: View
  /** Another modal is below it. */
  readonly isStacked: boolean
}

type Problems = Readonly<Record<string, string>>

/** The topmost modal of the app. */
function ModalView({ view, isStacked }: ModalViewProps): ComponentChild {
  const content = view.content as Content // of a user's stack, which holds modals only
  const { act } = useDesk()
  const close = (): unknown => act({ act: 'close', view: view.id })
  const { values, setValues, problems, isBusy, trouble, submit } = useForm(view, content)
  const form = useRef<HTMLFormElement>(null)
  function send(event: Event): void {
    event.preventDefault()
    if (form.current && !isBusy) submit(form.current)
  }
  return (
    <Dialog label={content.title.text} class={`modal ${isStacked ? 'stacked' : ''}`} isKept onClose={close}>
      <form ref={form} noValidate onSubmit={send}>
        <Head title={content.title.text} isStacked={isStacked} onClose={close} />
        <Body
          view={view}
          blocks={content.blocks as readonly KnownBlock[]}
          values={values}
          problems={problems}
          onValues={setValues}
        />
        {trouble && (
          <div class="block-alert alert-error" role="alert">
            <Icon name="alert" />
            {trouble}
          </div>
        )}
        <footer class="dialog-buttons">
          <button type="button" class="button" onClick={close}>
            {content.close?.text ?? 'Close'}
          </button>
          {content.submit && (
            <button type="submit" class={`button button-primary ${isBusy ? 'busy' : ''}`}>
              {content.submit.text}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  )
}

function useForm(view: View, { blocks }: Content) {
  const { act } = useDesk()
  const [typed, setValues] = useState<Values>({})
  const values = { ...initialValues(blocks as readonly KnownBlock[]), ...typed } // validated
  const [problems, setProblems] = useState<Problems>({})
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState('')

  async function submit(form: HTMLFormElement): Promise<void> {
    const found = problemsOf(inputsOf(blocks as readonly KnownBlock[]), values, form) // validated
    setProblems(found)
    setTrouble('')
    if (Object.keys(found).length > 0) return focusFirst(form)
    setBusy(true)
    const outcome = await act({ act: 'submit', view: view.id, values: sendable(values) })
    setBusy(false)
    if (outcome.kind === 'errors') {
      setProblems(outcome.errors)
      focusFirst(form)
    } else if (outcome.kind !== 'done') setTrouble('We had some trouble connecting. Try again?') // Slack's own words
  }
  return { values, setValues, problems, isBusy, trouble, submit }
}

function sendable(values: Values): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(values).map(([id, value]) => [id, typeof value === 'string' ? value : [...value]]),
  )
}

/** Focuses the first invalid input after the errors are rendered. */
function focusFirst(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('.invalid :is(input, textarea, button)')?.focus())
}

function Head(of: { readonly title: string; readonly isStacked: boolean; onClose(): void }): ComponentChild {
  const label = of.isStacked ? 'Back' : 'Close'
  return (
    <header>
      <h2>{of.title}</h2>
      <button type="button" class="icon-button" aria-label={label} title={label} onClick={of.onClose}>
        <Icon name={of.isStacked ? 'back' : 'close'} />
      </button>
    </header>
  )
}

interface BodyProps {
  readonly view: View
  readonly blocks: readonly KnownBlock[]
  readonly values: Values
  readonly problems: Problems
  onValues(values: Values): void
}

function Body({ view, blocks, values, problems, onValues }: BodyProps): ComponentChild {
  const shown = blocks.map((block, index) => {
    if (block.type !== 'input') return <Blocks key={index} blocks={[block]} />
    const id = block.element.action_id ?? ''
    const onValue = (value: string | readonly string[]): void => onValues({ ...values, [id]: value })
    return (
      <InputRow
        key={index}
        input={block}
        value={values[id]}
        problem={problems[block.block_id ?? '']}
        onValue={onValue}
      />
    )
  })
  const place = { in: 'view', id: view.id } as const
  return (
    <div class="modal-body">
      <PlaceContext.Provider value={place}>{shown}</PlaceContext.Provider>
    </div>
  )
}

interface OverlaysProps {
  readonly scene: Scene
  readonly isConnected: boolean
  readonly toast: string
}

/** Dialogs, toasts, and announcements for screen readers. */
export function Overlays({ scene, isConnected, toast }: OverlaysProps): ComponentChild {
  const words = isConnected ? toast : 'The demo has stopped. Start it again, and this page goes on.'
  return (
    <>
      {scene.views.map((view, index) => (
        <ModalView key={view.id} view={view} isStacked={index > 0} />
      ))}
      <div class="toast-place" role="status">
        {words && <div class={`toast ${isConnected ? '' : 'stopped'}`}>{words}</div>}
      </div>
      <div class="unseen" aria-live="polite">
        {useAnnouncement(scene)}
      </div>
    </>
  )
}
