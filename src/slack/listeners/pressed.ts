import type { BlockAction } from '@slack/bolt'

/** A button that was pressed, or an option that was picked, in the terms of this program. */
export interface Pressed {
  /** `check-again`, of `imagepull:check-again:2`. */
  readonly action: string
  readonly value: string
  readonly team: string
  readonly user: string
  readonly channel: string
  /** Within three seconds it opens a window. */
  readonly trigger: string
  readonly responseUrl: string | undefined
  /** The same when Slack delivers it again. */
  readonly event: string
}

/** undefined: it is none of ours. */
export function pressedOf(body: BlockAction): Pressed | undefined {
  const [action] = body.actions
  const [, name] = /^imagepull:([a-z-]+)(?::\d+)?$/.exec(action?.action_id ?? '') ?? []
  if (!action || !name) return undefined
  return {
    action: name,
    value: pressedValue(action),
    team: body.team?.id ?? body.user.team_id ?? '',
    user: body.user.id,
    channel: body.channel?.id ?? '',
    trigger: body.trigger_id,
    responseUrl: body.response_url,
    event: `${action.action_ts} ${body.user.id} ${action.action_id}`,
  }
}

function pressedValue(action: BlockAction['actions'][number]): string {
  if ('value' in action && typeof action.value === 'string') return action.value
  const option = 'selected_option' in action ? action.selected_option : undefined
  return option?.value ?? ''
}
