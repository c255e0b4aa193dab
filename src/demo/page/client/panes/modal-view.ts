import type { ModalView as Content, KnownBlock } from '@slack/types'
import { type ComponentChild, Fragment, h } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { View } from '../../../slack/workspace/records.ts'
import { Blocks } from '../blocks/blocks.ts'
import { InputRow } from '../inputs/input-row.ts'
import { problemsOf } from '../inputs/problems-of.ts'
import { initialValues, inputsOf, type Values } from '../inputs/values.ts'
import { Dialog } from '../parts/dialog.ts'
import { Icon } from '../parts/icon.ts'
import { PlaceContext, useDesk } from '../state/desk.ts'

interface Props {
  readonly view: View
  /** It lies on another one. */
  readonly isStacked: boolean
}

type Problems = Readonly<Record<string, string>>

/** The modal of the app that lies on top. */
export function ModalView({ view, isStacked }: Props): ComponentChild {
  const content = view.content as Content // of a user's stack, which holds modals only
  const { act } = useDesk()
  const close = (): unknown => act({ act: 'close', view: view.id })
  const { values, setValues, problems, isBusy, trouble, submit } = useForm(view, content)
  const form = useRef<HTMLFormElement>(null)
  function send(event: Event): void {
    event.preventDefault()
    if (form.current && !isBusy) submit(form.current)
  }
  return h(
    Dialog,
    { label: content.title.text, class: `modal ${isStacked ? 'stacked' : ''}`, isKept: true, onClose: close },
    h(
      'form',
      { ref: form, noValidate: true, onSubmit: send },
      h(Head, { title: content.title.text, isStacked, onClose: close }),
      h(Body, { view, blocks: content.blocks as readonly KnownBlock[], values, problems, onValues: setValues }), // validated
      trouble && h('div', { class: 'block-alert alert-error', role: 'alert' }, h(Icon, { name: 'alert' }), trouble),
      h(
        'footer',
        { class: 'dialog-buttons' },
        h('button', { type: 'button', class: 'button', onClick: close }, content.close?.text ?? 'Close'),
        content.submit && h('button', { class: `button button-primary ${isBusy ? 'busy' : ''}` }, content.submit.text),
      ),
    ),
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

/** Once what is wrong is drawn. */
function focusFirst(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('.invalid :is(input, textarea, button)')?.focus())
}

function Head(of: { readonly title: string; readonly isStacked: boolean; onClose(): void }): ComponentChild {
  const label = of.isStacked ? 'Back' : 'Close'
  return h(
    'header',
    null,
    h('h2', null, of.title),
    h(
      'button',
      { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onClick: of.onClose },
      h(Icon, { name: of.isStacked ? 'back' : 'close' }),
    ),
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
    if (block.type !== 'input') return h(Blocks, { key: index, blocks: [block] })
    const id = block.element.action_id ?? ''
    const onValue = (value: string | readonly string[]): void => onValues({ ...values, [id]: value })
    return h(InputRow, {
      key: index,
      input: block,
      value: values[id],
      problem: problems[block.block_id ?? ''],
      onValue,
    })
  })
  const place = { in: 'view', id: view.id } as const
  return h('div', { class: 'modal-body' }, h(PlaceContext.Provider, { value: place }, h(Fragment, null, shown)))
}
