import type { ConfirmationDialog } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { useContext, useState } from 'preact/hooks'
import { PlaceContext, useDesk } from '../state/desk.ts'
import { ConfirmDialog } from './dialog.tsx'

interface Pressable {
  readonly action_id?: string
  readonly confirm?: ConfirmationDialog
}

interface Press {
  /** The app has not answered yet. */
  readonly isBusy: boolean
  /** Asks for confirmation if the element requires it. `value`: the chosen option. */
  press(value?: string): void
  /** The confirmation dialog, to be rendered with the element. */
  readonly question: ComponentChild
}

/** Returns how to press an element. As in Slack, the app is not told of a cancelled confirmation. */
export function usePress({ action_id: actionId = '', confirm }: Pressable, blockId: string): Press {
  const { act, say, expectThread } = useDesk()
  const place = useContext(PlaceContext)
  const [isBusy, setBusy] = useState(false)
  /** The value that waits for confirmation. */
  const [asked, setAsked] = useState<{ readonly value: string | undefined }>()

  async function send(value: string | undefined): Promise<void> {
    if (!place) return
    setAsked(undefined)
    setBusy(true)
    if (place.in === 'ephemeral') expectThread({ channel: place.channel })
    const chosen = value === undefined ? {} : { value }
    const outcome = await act({ act: 'press', place, actionId, blockId, confirmed: confirm !== undefined, ...chosen })
    setBusy(false)
    if (outcome.kind === 'failed') say(`imagepull did not answer (${outcome.error}).`)
    if (outcome.kind === 'cannot') say(outcome.message)
  }

  function press(value?: string): void {
    if (confirm) setAsked({ value })
    else send(value)
  }

  const answers = { onYes: () => send(asked?.value), onNo: () => setAsked(undefined) }
  return { isBusy, press, question: confirm && asked ? h(ConfirmDialog, { confirm, ...answers }) : false }
}
