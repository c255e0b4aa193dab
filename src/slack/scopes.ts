/** The scopes that the app needs, and what for. deploy/slack-manifest-minimal.yaml has them. */
export const neededScopes = {
  commands: 'the command and the shortcut',
  'app_mentions:read': 'mentions, because Slack has no commands in threads',
  'chat:write': 'posting the thread',
  'channels:read': 'seeing whether a channel is archived or shared with another organisation',
  'groups:read': 'the same for private channels',
  'im:read': 'direct messages with the bot',
} as const

/** Optional scopes, and what each one adds. deploy/slack-manifest.yaml has them. */
export const usefulScopes = {
  'channels:history':
    'the bot reads alert posts; and when an answer from Slack is lost, it finds its own post instead of posting twice',
  'groups:history': 'the same in private channels',
  'reactions:write': 'the bot marks the alert posts that it answers',
  'users:read':
    'the bot recognises guests and people from other organisations, who may not use buttons. Without this scope, everybody can use the buttons that only read, such as Check again, and nobody can use the others',
} as const

/** The scopes that buttons need if `permissions` allow somebody to press them. */
export const actionScopes = {
  'users:read': usefulScopes['users:read'],
  'usergroups:read': 'the members of the user groups that may use a button',
} as const
