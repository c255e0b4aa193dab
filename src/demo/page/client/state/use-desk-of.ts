import { useMemo } from 'preact/hooks'
import type { Scene } from '../../scene.ts'
import type { Desk } from './desk.ts'
import { sendAct } from './send-act.ts'

/** The desk of a scene. It stays the same object while messages alone change. */
export function useDeskOf(scene: Scene, { go, say, expectThread }: Pick<Desk, 'go' | 'say' | 'expectThread'>): Desk {
  const { viewer, team, bot, users, usergroups, channels, shortcuts } = scene
  return useMemo(
    () => ({
      viewer,
      team,
      bot,
      users: byId(users),
      usergroups: byId(usergroups),
      channels: byId(channels),
      shortcuts,
      act: sendAct,
      go,
      say,
      expectThread,
    }),
    [viewer, team, bot, users, usergroups, channels, shortcuts, go, say, expectThread],
  )
}

function byId<Value extends { readonly id: string }>(values: readonly Value[]): ReadonlyMap<string, Value> {
  return new Map(values.map((value) => [value.id, value]))
}
