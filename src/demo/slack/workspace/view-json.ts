import type { View } from './records.ts'
import type { Workspace } from './workspace.ts'

/** By block_id and action_id, what stands in the inputs of a view. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function viewJson(view: View, workspace: Workspace, values: ViewValues = {}): Readonly<Record<string, unknown>> {
  const { id, hash, rootId, previousId, content } = view
  const modal = content.type === 'modal' ? content : undefined
  return {
    id,
    team_id: workspace.team.id,
    app_id: workspace.bot.appId,
    app_installed_team_id: workspace.team.id,
    bot_id: workspace.bot.id,
    type: content.type,
    title: modal?.title ?? null,
    close: modal?.close ?? null,
    submit: modal?.submit ?? null,
    blocks: content.blocks,
    private_metadata: content.private_metadata ?? '',
    callback_id: content.callback_id ?? '',
    external_id: content.external_id ?? '',
    state: { values },
    hash,
    clear_on_close: modal?.clear_on_close ?? false,
    notify_on_close: modal?.notify_on_close ?? false,
    root_view_id: rootId,
    previous_view_id: previousId ?? null,
  }
}
