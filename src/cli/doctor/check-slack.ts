import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import type { Configuration } from '../../config/configuration.ts'
import { createSlackApi } from '../../slack/api.ts'
import { actionScopes, neededScopes, usefulScopes } from '../../slack/scopes.ts'
import type { Finding } from './finding.ts'

/** Checks the bot's token and scopes, and each configured channel. */
export async function checkSlack(
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
            subject: 'Slack token',
            state: 'error',
            message: `belongs to workspace ${team}, which "workspaces" does not list`,
            fix: `Add ${team} to the configuration.`,
          }
        : { subject: 'Slack token', state: 'ok', message: `${me.user} in ${me.team}` },
      ...scopeFindings(scopes, permissions.length > 0 ? { ...neededScopes, ...actionScopes } : neededScopes),
      ...(await channelFindings(client, channels)),
    ]
  } catch (error) {
    const refused = error instanceof WebAPIPlatformError
    const message = refused ? `Slack rejects it: ${error.data.error}` : `Slack cannot be reached: ${String(error)}`
    const fix = refused
      ? 'Copy the Bot User OAuth Token again, from OAuth & Permissions of the app.'
      : 'Check the network, HTTPS_PROXY and SLACK_API_URL.'
    return [{ subject: 'Slack token', state: 'error', message, fix }]
  }
}

function scopeFindings(granted: readonly string[], needed: Readonly<Record<string, string>>): readonly Finding[] {
  if (granted.length === 0) return [{ subject: 'Slack scopes', state: 'warning', message: 'Slack does not list them' }]
  const missing = Object.entries(needed).filter(([scope]) => !granted.includes(scope))
  const useful = Object.entries(usefulScopes).filter(([scope]) => !(scope in needed))
  const without = useful.filter(([scope]) => !granted.includes(scope))
  const all: readonly Finding[] = [
    ...missing.map(([scope, why]) => ({
      subject: `scope ${scope}`,
      state: 'error' as const,
      message: `is missing: ${why}`,
      fix: 'Add it to the app, then reinstall the app.',
    })),
    ...without.map(([scope, why]) => ({
      subject: `scope ${scope}`,
      state: 'warning' as const,
      message: `is missing (optional): ${why}`,
      fix: 'deploy/slack-manifest.yaml contains it.',
    })),
  ]
  return all.length > 0
    ? all
    : [
        {
          subject: 'Slack scopes',
          state: 'ok',
          message: `all ${Object.keys(needed).length + useful.length} are granted`,
        },
      ]
}

async function channelFindings(client: WebClient, channels: Configuration['channels']): Promise<readonly Finding[]> {
  if (channels.length === 0)
    return [
      {
        subject: 'channels',
        state: 'error',
        message: 'the configuration lists none, so every command is refused',
        fix: 'List them under "channels" in the configuration.',
      },
    ]
  const slack = createSlackApi(client)
  return Promise.all(
    channels.map(async ({ id, shared }): Promise<Finding> => {
      const subject = `channel ${id}`
      const known = await slack.channel(id)
      if (known.outcome !== 'done') {
        const message = known.outcome === 'refused' ? `Slack says ${known.error}` : 'Slack does not answer'
        return { subject, state: 'error', message, fix: 'Check the id. In a private channel, type /invite @imagepull.' }
      }
      const { name, member, archived, shared: foreign } = known.value
      if (archived)
        return { subject, state: 'error', message: `#${name} is archived`, fix: 'Remove it from the configuration.' }
      if (!member)
        return {
          subject,
          state: 'error',
          message: `the bot is not in #${name}`,
          fix: 'Type /invite @imagepull in the channel.',
        }
      if (foreign && !shared)
        return {
          subject,
          state: 'warning',
          message: `#${name} is shared with another organisation, so imagepull does not post there`,
          fix: 'Set shared: true for it if you want posts there.',
        }
      return { subject, state: 'ok', message: `#${name}` }
    }),
  )
}
