import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import type { Configuration } from '../../config/configuration.ts'
import { slackApi } from '../../slack/api.ts'
import { actionScopes, neededScopes, usefulScopes } from '../../slack/scopes.ts'
import type { Finding } from './finding.ts'

/** The bot's token and scopes, and each channel of the configuration. */
export async function lookAtSlack(
  client: WebClient,
  { channels, workspaces, permissions }: Configuration,
): Promise<readonly Finding[]> {
  try {
    const me = await client.auth.test()
    const scopes = me.response_metadata?.scopes ?? []
    const team = me.team_id ?? ''
    const foreign = workspaces.length > 0 && !workspaces.includes(team)
    return [
      foreign
        ? {
            of: 'Slack token',
            state: 'bad',
            says: `is of workspace ${team}, which is not among "workspaces"`,
            fix: `Add ${team} to the configuration.`,
          }
        : { of: 'Slack token', state: 'ok', says: `${me.user} in ${me.team}` },
      ...scopeFindings(scopes, permissions.length > 0 ? { ...neededScopes, ...actionScopes } : neededScopes),
      ...(await channelFindings(client, channels)),
    ]
  } catch (error) {
    const refused = error instanceof WebAPIPlatformError
    const says = refused ? `Slack refuses it: ${error.data.error}` : `Slack cannot be reached: ${String(error)}`
    const fix = refused
      ? 'Copy the Bot User OAuth Token anew, under OAuth & Permissions of the app.'
      : 'Check the network, HTTPS_PROXY and SLACK_API_URL.'
    return [{ of: 'Slack token', state: 'bad', says, fix }]
  }
}

function scopeFindings(granted: readonly string[], needed: Readonly<Record<string, string>>): readonly Finding[] {
  if (granted.length === 0) return [{ of: 'Slack scopes', state: 'unsure', says: 'Slack does not tell them' }]
  const missing = Object.entries(needed).filter(([scope]) => !granted.includes(scope))
  const useful = Object.entries(usefulScopes).filter(([scope]) => !(scope in needed))
  const without = useful.filter(([scope]) => !granted.includes(scope))
  const all: readonly Finding[] = [
    ...missing.map(([scope, why]) => ({
      of: `scope ${scope}`,
      state: 'bad' as const,
      says: `is missing: ${why}`,
      fix: 'Add it to the app, and install it anew.',
    })),
    ...without.map(([scope, why]) => ({
      of: `scope ${scope}`,
      state: 'unsure' as const,
      says: `is not there: ${why}`,
      fix: 'deploy/slack-manifest.yaml has it.',
    })),
  ]
  return all.length > 0
    ? all
    : [
        {
          of: 'Slack scopes',
          state: 'ok',
          says: `all ${Object.keys(needed).length + useful.length}`,
        },
      ]
}

async function channelFindings(client: WebClient, channels: Configuration['channels']): Promise<readonly Finding[]> {
  if (channels.length === 0)
    return [
      {
        of: 'channels',
        state: 'bad',
        says: 'none is listed, so every command is refused',
        fix: 'List them under "channels" in the configuration.',
      },
    ]
  const slack = slackApi(client)
  return Promise.all(
    channels.map(async ({ id, shared }): Promise<Finding> => {
      const of = `channel ${id}`
      const known = await slack.channel(id)
      if (known.outcome !== 'done') {
        const says = known.outcome === 'refused' ? `Slack says ${known.error}` : 'Slack does not answer'
        return { of, state: 'bad', says, fix: 'Check the id; in a private channel type /invite @imagepull.' }
      }
      const { name, member, archived, shared: foreign } = known.value
      if (archived) return { of, state: 'bad', says: `#${name} is archived`, fix: 'Take it out of the configuration.' }
      if (!member)
        return { of, state: 'bad', says: `the bot is not in #${name}`, fix: 'Type /invite @imagepull there.' }
      if (foreign && !shared)
        return {
          of,
          state: 'unsure',
          says: `#${name} is shared with another organisation, so nothing is posted there`,
          fix: 'Set shared: true for it, if that is meant.',
        }
      return { of, state: 'ok', says: `#${name}` }
    }),
  )
}
