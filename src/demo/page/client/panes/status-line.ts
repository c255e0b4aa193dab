import { type ComponentChild, h } from 'preact'
import type { Status } from '../../../slack/workspace/records.ts'
import { useDesk } from '../state/desk.ts'

/** "imagepull is checking the registry…" */
export function StatusLine({ status }: { readonly status: Status }): ComponentChild {
  const { bot } = useDesk()
  return h('div', { class: 'status-line', role: 'status' }, h('b', null, bot.name), ` ${status.status}`)
}
