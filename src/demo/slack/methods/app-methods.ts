import { z } from 'zod'
import { type Problem, validateBlocks, validateMessage, validateView } from '../../../slack/validate.ts'
import { Refusal } from '../refusal.ts'
import { type Arguments, type Method, method } from './method.ts'

/** A message without a channel, as blocks.validate takes it. */
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

/** About the app and the call itself. */
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
