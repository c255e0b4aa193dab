/** What the app has to be granted, and why: deploy/slack-manifest-minimal.yaml. */
export const neededScopes = {
  commands: 'the command and the shortcut',
  'app_mentions:read': 'mentions, because Slack has no commands in threads',
  'chat:write': 'posting the thread',
  'channels:read': 'seeing whether a channel is archived or shared with another organisation',
  'groups:read': 'the same for private channels',
  'im:read': 'direct messages with the bot',
} as const

/** What it does better with: deploy/slack-manifest.yaml. */
export const usefulScopes = {
  'channels:history':
    'the bot reads alert posts, and finds its own post again when an answer of Slack was lost, instead of posting twice',
  'groups:history': 'the same in private channels',
  'reactions:write': 'the bot marks the alert posts that it answers',
  'users:read':
    'the bot recognises guests and people from other organisations, who may not use buttons; without this scope everybody may use the buttons that only read, such as Check again, and nobody may use the others',
} as const

/** What its buttons need, where `permissions` let somebody press them. */
export const actionScopes = {
  'users:read': usefulScopes['users:read'],
  'usergroups:read': 'the members of the user groups that may use a button',
} as const
