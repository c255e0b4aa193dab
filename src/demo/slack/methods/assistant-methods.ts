import { z } from 'zod'
import { Refusal } from '../refusal.ts'
import { argument } from './argument.ts'
import { type Method, method } from './method.ts'
import { postableChannel } from './postable-channel.ts'

/** https://docs.slack.dev/reference/methods/assistant.threads.setStatus */
export const assistantMethods: Readonly<Record<string, Method>> = {
  'assistant.threads.setStatus': method({
    tier: 'special',
    scope: 'chat:write',
    args: z.strictObject({
      channel_id: argument.channel,
      thread_ts: argument.ts,
      status: z.string(),
      loading_messages: z.array(z.string()).max(10).optional(),
    }),
    run(platform, { channel_id, thread_ts: threadTs, status, loading_messages: loadingMessages = [] }) {
      const { workspace, clock } = platform
      const channel = postableChannel(platform, channel_id).id
      if (!workspace.message(channel, threadTs)) throw new Refusal('thread_not_found')
      workspace.putStatus({ channel, threadTs, status, loadingMessages, at: clock.now() })
      return {}
    },
  }),
}
