import type { ModalView } from '@slack/types'

/** The channel and thread in which the question is answered. */
interface Place {
  readonly channel: string
  readonly thread: string
}

export const askView = {
  callback: 'imagepull:ask',
  block: 'target',
  action: 'words',
  /** Asks for the pod and suggests a guess. The place comes back with the answer. */
  build: (place: Place, guess: string): ModalView => ({
    type: 'modal',
    callback_id: askView.callback,
    private_metadata: JSON.stringify(place),
    title: { type: 'plain_text', text: "Why can't it pull?" },
    submit: { type: 'plain_text', text: 'Check' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      {
        type: 'input',
        block_id: askView.block,
        label: { type: 'plain_text', text: 'Pod, namespace/pod, or deployment/name' },
        element: {
          type: 'plain_text_input',
          action_id: askView.action,
          max_length: 300,
          ...(guess && { initial_value: guess }),
        },
      },
    ],
  }),
} as const

/** Asks before a group is called. `metadata` comes back with the answer. */
export const escalateView = {
  callback: 'imagepull:escalate',
  build: (metadata: string, says: string): ModalView => ({
    type: 'modal',
    callback_id: escalateView.callback,
    private_metadata: metadata,
    title: { type: 'plain_text', text: 'Escalate' },
    submit: { type: 'plain_text', text: 'Escalate' },
    close: { type: 'plain_text', text: 'Not now' },
    blocks: [{ type: 'section', text: { type: 'plain_text', text: says } }],
  }),
} as const

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

/** Asks how long to mute, and what. `metadata` comes back with the answer. */
export const muteView = {
  callback: 'imagepull:mute',
  blocks: { minutes: 'minutes', of: 'of' },
  build: (metadata: string, says: string): ModalView => ({
    type: 'modal',
    callback_id: muteView.callback,
    private_metadata: metadata,
    title: plain('Mute'),
    submit: plain('Mute'),
    close: plain('Not now'),
    blocks: [
      { type: 'section', text: plain(says) },
      choice(muteView.blocks.minutes, 'For how long?', times),
      choice(muteView.blocks.of, 'What should be muted?', subjects),
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

export const wrongView = {
  callback: 'imagepull:verdict-is-wrong',
  /** The ids of the answer in the submitted state. */
  block: 'cause',
  action: 'words',
  /** Asks for the real cause. `incident` comes back with the answer. */
  build: (incident: string): ModalView => ({
    type: 'modal',
    callback_id: wrongView.callback,
    private_metadata: incident,
    title: { type: 'plain_text', text: 'Verdict is wrong' },
    submit: { type: 'plain_text', text: 'Send' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      {
        type: 'section',
        text: {
          type: 'plain_text',
          text: 'I keep the facts of this check, without secrets, so that the maintainers can turn them into a test.',
        },
      },
      {
        type: 'input',
        block_id: wrongView.block,
        optional: true,
        label: { type: 'plain_text', text: 'What is the real cause, as far as you know?' },
        element: { type: 'plain_text_input', action_id: wrongView.action, multiline: true, max_length: 1_000 },
      },
    ],
  }),
} as const
