import { z } from 'zod'
import type { User } from '../workspace/records.ts'
import { argument, type Method, method } from './method.ts'
import { Refusal } from './replies.ts'

/** https://docs.slack.dev/reference/objects/user-object, without what needs `users:read.email`. */
function userJson(user: User): Readonly<Record<string, unknown>> {
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    real_name: user.realName,
    deleted: user.isDeleted,
    is_bot: user.isBot,
    is_app_user: false,
    is_admin: false,
    is_owner: false,
    is_restricted: user.isRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    ...(user.isStranger && { is_stranger: true }),
    tz: 'Etc/UTC',
    tz_offset: 0,
    profile: { real_name: user.realName, display_name: user.name },
  }
}

/** https://docs.slack.dev/reference/methods?family=users and usergroups */
export const userMethods: Readonly<Record<string, Method>> = {
  'users.info': method({
    tier: 4,
    scope: 'users:read',
    args: z.strictObject({ user: argument.text, include_locale: argument.flag }),
    run({ workspace }, args) {
      const user = workspace.users.get(args.user)
      if (!user) throw new Refusal('user_not_found')
      return { user: userJson(user) }
    },
  }),
  'usergroups.list': method({
    tier: 2,
    scope: 'usergroups:read',
    args: z.strictObject({
      include_users: argument.flag,
      include_count: argument.flag,
      include_disabled: argument.flag,
    }),
    run({ workspace }, { include_users, include_count }) {
      return {
        usergroups: [...workspace.usergroups.values()].map(({ id, handle, users }) => ({
          id,
          team_id: workspace.team.id,
          is_usergroup: true,
          name: handle,
          handle,
          ...(include_users && { users }),
          ...(include_count && { user_count: users.length }),
        })),
      }
    },
  }),
  'usergroups.users.list': method({
    tier: 2,
    scope: 'usergroups:read',
    args: z.strictObject({ usergroup: argument.text, include_disabled: argument.flag }),
    run({ workspace }, args) {
      const group = workspace.usergroups.get(args.usergroup)
      if (!group) throw new Refusal('no_such_subteam')
      return { users: group.users }
    },
  }),
}
