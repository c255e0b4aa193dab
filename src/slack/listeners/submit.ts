import { z } from 'zod'
import { askView } from '../blocks/ask-view.ts'
import { wrongView } from '../blocks/wrong-view.ts'
import { callWrong } from './call-wrong.ts'
import type { ListenerWorld } from './listener-world.ts'
import { takeRequest } from './take-request.ts'

/** A window that was sent off. */
export interface Submitted {
  readonly callback: string
  readonly team: string
  readonly user: string
  readonly view: string
  readonly metadata: string
  /** What was typed, by block and action. */
  readonly typed: (block: string, action: string) => string
}

const place = z.object({ channel: z.string(), thread: z.string() })

export async function submit(world: ListenerWorld, of: Submitted): Promise<void> {
  const { places, slack } = world
  if (!places.isWorkspace(of.team)) return
  if (of.callback === wrongView.callback)
    return callWrong(world, { incident: of.metadata, user: of.user, says: of.typed(wrongView.block, wrongView.action) })
  if (of.callback !== askView.callback) return
  const { channel, thread } = place.parse(JSON.parse(of.metadata))
  const typed = of.typed(askView.block, askView.action)
  const problem = await takeRequest(world, { event: `view ${of.view}`, user: of.user, channel, thread, typed })
  if (problem) await slack.ephemeral({ channel, thread }, of.user, problem)
}
