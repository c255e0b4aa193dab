import { z } from 'zod'
import { openView } from '../open-view.ts'
import type { Platform } from '../platform.ts'
import { Refusal } from '../refusal.ts'
import { viewStack } from '../view-stack.ts'
import { viewJson } from '../workspace/view-json.ts'
import { argument } from './argument.ts'
import { type Method, method } from './method.ts'

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
