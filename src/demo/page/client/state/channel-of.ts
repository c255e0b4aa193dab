import type { Scene, SceneChannel } from '../../scene.ts'
import type { Route } from './route.ts'

/** The channel of a route; else the first one where the app is too. undefined: the viewer is in none. */
export function channelOf({ channels, bot }: Scene, { channel }: Route): SceneChannel | undefined {
  const open = channels.filter(({ isArchived }) => !isArchived)
  return (
    channels.find(({ id }) => id === channel) ?? open.find(({ members }) => members.includes(bot.userId)) ?? channels[0]
  )
}
