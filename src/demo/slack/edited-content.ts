import { Refusal } from './refusal.ts'
import type { Content } from './workspace/records.ts'
import type { Draft, Workspace } from './workspace/workspace.ts'

/**
 * What a message shows after an edit: what is left out stays, an empty list removes. Throws Refusal `block_mismatch`, in
 * Slack's words "rich-text blocks cannot be replaced with non-rich-text blocks".
 */
export function editedContent(workspace: Workspace, before: Content, draft: Draft): Content {
  const { text, blocks, attachments } = before
  const after = workspace.contentOf({ text, blocks, attachments, ...draft })
  if (isRich(before) && !isRich(after)) throw new Refusal('block_mismatch')
  return after
}

function isRich({ blocks }: Content): boolean {
  return blocks.some((block) => block.type === 'rich_text')
}
