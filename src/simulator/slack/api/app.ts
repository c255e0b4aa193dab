import { z } from 'zod'
import type { Platform } from '../platform.ts'
import { type Problem, validateBlocks, validateMessage, validateView } from '../validation/validate.ts'
import { openView, viewStack } from '../views.ts'
import { viewJson } from '../workspace/json.ts'
import { postableChannel } from './conversations.ts'
import { type Arguments, argument, type Method, method } from './method.ts'
import { Refusal } from './replies.ts'

/** Validates a message without a channel, for blocks.validate. */
function messageProblems(message: unknown): readonly Problem[] {
  const parsed = z.looseObject({}).safeParse(message)
  return validateMessage({ channel: 'C', text: 'a', ...parsed.data }).map((problem) => ({
    ...problem,
    pointer: `/message${problem.pointer}`,
  }))
}

/** https://docs.slack.dev/reference/methods/blocks.validate: exactly one of three. */
function problemsOf(args: Arguments): readonly Problem[] {
  const given = ['blocks', 'message', 'view'].filter((name) => args[name] !== undefined)
  if (given.length !== 1) throw new Refusal('invalid_arguments')
  if (args.blocks !== undefined) return validateBlocks(args.blocks, 'message')
  return args.view === undefined ? messageProblems(args.message) : validateView(args.view)
}

/** Methods about the app and the API itself. */
export const appMethods: Readonly<Record<string, Method>> = {
  'api.test': method({ tier: 4, token: 'none', args: z.looseObject({}), run: (_, args) => ({ args }) }),
  'auth.test': method({
    tier: 'special',
    args: z.strictObject({}),
    run({ workspace, siteUrl }) {
      const { team, bot } = workspace
      return {
        url: `${siteUrl}/`,
        team: team.name,
        user: bot.name,
        team_id: team.id,
        user_id: bot.userId,
        bot_id: bot.id,
        is_enterprise_install: false,
      }
    },
  }),
  'apps.connections.open': method({
    tier: 1,
    token: 'app',
    args: z.strictObject({}),
    run: ({ socketMode }) => ({ url: socketMode.issue() }),
  }),
  'blocks.validate': method({
    tier: 3,
    args: z.strictObject({
      blocks: z.unknown().optional(),
      message: z.unknown().optional(),
      view: z.unknown().optional(),
    }),
    run(_, args) {
      const errors = problemsOf(args).map(({ error, pointer, message }) => ({ code: error, pointer, message }))
      if (errors.length > 0) throw new Refusal('invalid_blocks', { errors })
      return { errors }
    },
  }),
}

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

/** https://docs.slack.dev/surfaces/modals: "up to 3 views". */
const deepest = 3

const view = z.unknown()

function shown({ workspace }: Platform, opened: Parameters<typeof viewJson>[0]) {
  return { view: viewJson(opened, workspace) }
}

/** https://docs.slack.dev/reference/methods?family=views */
export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': method({
    tier: 4,
    args: z.strictObject({ trigger_id: argument.text, view }),
    run(platform, args) {
      const { workspace, ids, triggers } = platform
      const user = triggers.exchange(args.trigger_id)
      if (viewStack(workspace, user).length > 0) throw new Refusal('push_limit_reached')
      return shown(platform, openView(workspace, ids, args.view, { user }))
    },
  }),
  'views.push': method({
    tier: 4,
    args: z.strictObject({ trigger_id: argument.text, view }),
    run(platform, args) {
      const { workspace, ids, triggers } = platform
      const user = triggers.exchange(args.trigger_id)
      const stack = viewStack(workspace, user)
      const above = stack.at(-1)
      if (!above) throw new Refusal('not_found')
      if (stack.length >= deepest) throw new Refusal('push_limit_reached')
      return shown(platform, openView(workspace, ids, args.view, { user, above }))
    },
  }),
  'views.update': method({
    tier: 4,
    args: z.strictObject({
      view_id: z.string().optional(),
      external_id: z.string().optional(),
      hash: z.string().optional(),
      view,
    }),
    run(platform, args) {
      const { workspace, ids } = platform
      const instead = [...workspace.views.values()].find(
        ({ id, content }) => id === args.view_id || (args.external_id && content.external_id === args.external_id),
      )
      if (!instead) throw new Refusal('not_found')
      if (args.hash !== undefined && args.hash !== instead.hash) throw new Refusal('hash_conflict')
      return shown(platform, openView(workspace, ids, args.view, { user: instead.user, instead }))
    },
  }),
}
