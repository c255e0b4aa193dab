import type { SceneChannel } from '../../scene.ts'
import type { Desk } from '../state/desk.ts'

/** A channel's own name; of a direct message, who else is there. */
export function channelName({ kind, name, members }: SceneChannel, { users, viewer }: Desk): string {
  if (kind === 'public' || kind === 'private') return name
  const others = members.filter((member) => member !== viewer)
  return others.map((id) => users.get(id)?.realName ?? id).join(', ')
}
