import type { ComponentChild } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Status } from '../../../../simulator/slack/workspace/records.ts'
import type { Act } from '../../acts.ts'
import { Icon } from '../elements/icon.tsx'
import { useDesk } from '../state/desk.ts'
import { readTyped, type Typed } from '../state/read-typed.ts'
import type { Drafts } from '../state/scene.ts'

interface Props {
  readonly channel: string
  readonly thread?: string | undefined
  readonly label: string
  readonly drafts: Drafts
  onSend(act: Act): void
}

type Refused = Extract<Typed, { kind: 'refused' }>

/** The composer. Enter sends; Shift+Enter adds a line. */
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
  const plain = { rows: 1, maxLength: 4_000, spellcheck: false, autocapitalize: 'off' } as const
  const button = { type: 'button', class: 'send-button', title: 'Send', disabled: text.trim() === '' } as const
  return (
    <div class="composer">
      <Hint text={text} thread={thread} bot={bot.name} />
      {refused && <Refusal refused={refused} onInstead={put} />}
      <div class="composer-box">
        <textarea ref={box} value={text} placeholder={label} aria-label={label} {...plain} {...typing} />
        <button {...button} aria-label="Send" onClick={send}>
          <Icon name="send" />
        </button>
      </div>
    </div>
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

/** A hint about the command while it is being typed. */
function Hint({ text, thread, bot }: HintProps): ComponentChild {
  const command = `/${bot}`
  const isBegun = !thread && text.startsWith('/') && (command.startsWith(text) || text.trimEnd() === command)
  if (!isBegun) return null
  const words = ' [pod, namespace/pod, kind/name, or nothing to see what is stuck]'
  return (
    <div class="composer-hint">
      <b>{command}</b>
      {words}
    </div>
  )
}

interface RefusalProps {
  readonly refused: Refused
  onInstead(words: string): void
}

function Refusal({ refused: { message, instead }, onInstead }: RefusalProps): ComponentChild {
  const write = { type: 'button', class: 'link', onClick: () => instead && onInstead(instead) } as const
  return (
    <div class="composer-refusal" role="alert">
      <span>{message}</span>
      {instead && <button {...write}>{`Write “${instead}”`}</button>}
    </div>
  )
}

/** "imagepull is checking the registry…" */
export function StatusLine({ status }: { readonly status: Status }): ComponentChild {
  const { bot } = useDesk()
  return (
    <div class="status-line" role="status">
      <b>{bot.name}</b>
      {` ${status.status}`}
    </div>
  )
}
