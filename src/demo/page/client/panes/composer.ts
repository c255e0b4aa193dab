import { type ComponentChild, h } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Act } from '../../act.ts'
import { Icon } from '../parts/icon.ts'
import { useDesk } from '../state/desk.ts'
import { readTyped, type Typed } from '../state/read-typed.ts'
import type { Drafts } from '../state/use-drafts.ts'

interface Props {
  readonly channel: string
  readonly thread?: string | undefined
  readonly label: string
  readonly drafts: Drafts
  onSend(act: Act): void
}

type Refused = Extract<Typed, { kind: 'refused' }>

/** The box to write into. Enter sends, with Shift it breaks the line. */
export function Composer(props: Props): ComponentChild {
  const { bot } = useDesk()
  const { box, text, refused, put, send } = useTyping(props)
  const { label, thread } = props
  function press(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    send()
  }
  const typing = {
    onInput: ({ currentTarget }: { readonly currentTarget: HTMLTextAreaElement }) => put(currentTarget.value),
    onKeyDown: press,
  }
  const plain = { rows: 1, maxLength: 4_000, spellcheck: false, autocapitalize: 'off' }
  const button = { type: 'button', class: 'send-button', title: 'Send', disabled: text.trim() === '' } as const
  return h(
    'div',
    { class: 'composer' },
    h(Hint, { text, thread, bot: bot.name }),
    refused && h(Refusal, { refused, onInstead: put }),
    h(
      'div',
      { class: 'composer-box' },
      h('textarea', { ref: box, value: text, placeholder: label, 'aria-label': label, ...plain, ...typing }),
      h('button', { ...button, 'aria-label': 'Send', onClick: send }, h(Icon, { name: 'send' })),
    ),
  )
}

function useTyping({ channel, thread, drafts, onSend }: Props) {
  const { bot } = useDesk()
  const place = thread ?? channel
  const [text, setText] = useState(() => drafts.textOf(place))
  const [refused, setRefused] = useState<Refused>()
  const box = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    if (!drafts.takeFocus()) return
    box.current?.focus()
    box.current?.setSelectionRange(text.length, text.length)
  }, [])

  function put(words: string): void {
    setText(words)
    drafts.keep(place, words)
    setRefused(undefined)
  }

  function send(): void {
    const typed = readTyped(text, { channel, thread, bot: bot.name })
    box.current?.focus()
    if (typed?.kind === 'refused') setRefused(typed)
    else put('')
    if (typed?.kind === 'act') onSend(typed.act)
  }
  return { box, text, refused, put, send }
}

interface HintProps {
  readonly text: string
  readonly thread: string | undefined
  readonly bot: string
}

/** How the command goes, while it is begun. */
function Hint({ text, thread, bot }: HintProps): ComponentChild {
  const command = `/${bot}`
  const isBegun = !thread && text.startsWith('/') && (command.startsWith(text) || text.trimEnd() === command)
  if (!isBegun) return null
  const words = ' [pod, namespace/pod, kind/name, or nothing to see what is stuck]'
  return h('div', { class: 'composer-hint' }, h('b', null, command), words)
}

interface RefusalProps {
  readonly refused: Refused
  onInstead(words: string): void
}

function Refusal({ refused: { says, instead }, onInstead }: RefusalProps): ComponentChild {
  const write = { type: 'button', class: 'link', onClick: () => instead && onInstead(instead) } as const
  return h(
    'div',
    { class: 'composer-refusal', role: 'alert' },
    h('span', null, says),
    instead && h('button', write, `Write “${instead}”`),
  )
}
