import type { ModalView } from '@slack/types'

export const wrongView = {
  callback: 'imagepull:verdict-is-wrong',
  /** Where the answer stands in what is submitted. */
  block: 'cause',
  action: 'words',
  /** Asks what it really is. `incident` comes back with the answer. */
  of: (incident: string): ModalView => ({
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
          text: 'What I saw is kept, without secrets, so that whoever maintains me can make a test of it.',
        },
      },
      {
        type: 'input',
        block_id: wrongView.block,
        optional: true,
        label: { type: 'plain_text', text: 'What is it really, as far as you know?' },
        element: { type: 'plain_text_input', action_id: wrongView.action, multiline: true, max_length: 1_000 },
      },
    ],
  }),
} as const
