import type { ModalView } from '@slack/types'

/** Where a question that was begun in a window is to be answered. */
interface Place {
  readonly channel: string
  readonly thread: string
}

export const askView = {
  callback: 'imagepull:ask',
  block: 'target',
  action: 'words',
  /** Asks which pod, with a guess. The place comes back with the answer. */
  of: (place: Place, guess: string): ModalView => ({
    type: 'modal',
    callback_id: askView.callback,
    private_metadata: JSON.stringify(place),
    title: { type: 'plain_text', text: 'Why can it not pull?' },
    submit: { type: 'plain_text', text: 'Find out' },
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
