/** What the app has to be granted, and why: deploy/slack-manifest-minimal.yaml. */
export const neededScopes = {
  commands: 'the command and the shortcut',
  'app_mentions:read': 'mentions, where commands cannot be used',
  'chat:write': 'the thread',
  'channels:read': 'whether a channel is archived, or shared with another organisation',
  'groups:read': 'the same of private channels',
  'im:read': 'direct messages with it',
} as const

/** What it does better with: deploy/slack-manifest.yaml. */
export const usefulScopes = {
  'channels:history':
    'it reads alert posts, and finds its own post again where an answer of Slack was lost, instead of posting twice',
  'groups:history': 'the same in private channels',
  'reactions:write': 'it marks the alert posts that it answers',
  'users:read':
    'guests and members of other organisations may press nothing; without it everybody may press what only reads, such as Check again, and nobody may act',
} as const

/** What its buttons need, where `permissions` let somebody press them. */
export const actionScopes = {
  'users:read': usefulScopes['users:read'],
  'usergroups:read': 'who is in a user group that may press a button',
} as const
