import type { ModalView } from '@slack/types'

const times = [
  ['60', '1 hour'],
  ['240', '4 hours'],
  ['1440', '1 day'],
  ['4320', '3 days'],
] as const
const subjects = [
  ['incident', 'This incident'],
  ['workload', 'Everything about this workload'],
] as const

/** Asks for how long nobody is to be told. `metadata` comes back with the answer. */
export const muteView = {
  callback: 'imagepull:mute',
  blocks: { minutes: 'minutes', of: 'of' },
  of: (metadata: string, says: string): ModalView => ({
    type: 'modal',
    callback_id: muteView.callback,
    private_metadata: metadata,
    title: plain('Mute'),
    submit: plain('Mute'),
    close: plain('Not now'),
    blocks: [
      { type: 'section', text: plain(says) },
      choice(muteView.blocks.minutes, 'For how long?', times),
      choice(muteView.blocks.of, 'What?', subjects),
    ],
  }),
} as const

function choice(id: string, label: string, options: readonly (readonly [value: string, words: string])[]) {
  const all = options.map(([value, words]) => ({ text: plain(words), value }))
  const [first] = all
  return {
    type: 'input' as const,
    block_id: id,
    label: plain(label),
    element: { type: 'static_select' as const, action_id: id, options: all, ...(first && { initial_option: first }) },
  }
}

function plain(text: string) {
  return { type: 'plain_text' as const, text }
}
