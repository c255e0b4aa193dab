import type { ModalView } from '@slack/types'

/** Asks before somebody is called. `metadata` comes back with the answer. */
export const escalateView = {
  callback: 'imagepull:escalate',
  of: (metadata: string, says: string): ModalView => ({
    type: 'modal',
    callback_id: escalateView.callback,
    private_metadata: metadata,
    title: { type: 'plain_text', text: 'Escalate' },
    submit: { type: 'plain_text', text: 'Escalate' },
    close: { type: 'plain_text', text: 'Not now' },
    blocks: [{ type: 'section', text: { type: 'plain_text', text: says } }],
  }),
} as const
