import { z } from 'zod'
import { wrongVerdicts } from '../../incidents/investigation/feedback.ts'
import { transition } from '../../incidents/transition.ts'
import { redact } from '../../secret.ts'
import { refusalToPress } from '../access.ts'
import { askView, escalateView, muteView, wrongView } from '../blocks/modals.ts'
import { actOn } from './actions.ts'
import type { ListenerOptions } from './options.ts'
import { takeRequest } from './take-request.ts'

/** A submitted window. */
export interface Submitted {
  readonly callback: string
  readonly team: string
  readonly user: string
  readonly view: string
  readonly metadata: string
  /** Returns the typed text or the chosen value. */
  readonly typed: (block: string, action: string) => string
}

const place = z.object({ channel: z.string(), thread: z.string() })
const offered = z.object({ offer: z.string(), channel: z.string() })

export async function submit(options: ListenerOptions, of: Submitted): Promise<void> {
  const { places, slack } = options
  if (!places.isWorkspace(of.team)) return
  if (of.callback === wrongView.callback) {
    if (await refusalToPress(options, of.user)) return // nobody without the right gets this window
    return reportWrong(options, {
      incident: of.metadata,
      user: of.user,
      says: of.typed(wrongView.block, wrongView.action),
    })
  }
  if (of.callback === muteView.callback || of.callback === escalateView.callback) return decideOn(options, of)
  if (of.callback !== askView.callback) return
  const { channel, thread } = place.parse(JSON.parse(of.metadata))
  const typed = of.typed(askView.block, askView.action)
  const problem = await takeRequest(options, { event: `view ${of.view}`, user: of.user, channel, thread, typed })
  if (problem) await slack.ephemeral({ channel, thread }, of.user, problem)
}

/** Takes the answer to a window that asks before an action. */
async function decideOn(
  options: ListenerOptions,
  { callback, metadata, user, team, view, typed }: Submitted,
): Promise<void> {
  const { offer, channel } = offered.parse(JSON.parse(metadata))
  const mutes = callback === muteView.callback
  const { minutes, of } = muteView.blocks
  const choice = mutes ? { minutes: typed(minutes, minutes), of: typed(of, of) } : {}
  const action = mutes ? 'mute' : 'escalate'
  const message = await actOn(options, {
    wish: 'do',
    action,
    offer,
    user,
    team,
    channel,
    event: `view ${view}`,
    choice,
  })
  if (message) await options.slack.ephemeral({ channel }, user, message)
}

interface Report {
  readonly incident: string
  readonly user: string
  readonly says: string
}

/** Keeps the facts for the maintainers of imagepull, once for each person and verdict. */
async function reportWrong(
  { store, records, now }: Pick<ListenerOptions, 'store' | 'records' | 'now'>,
  { incident: id, user, says }: Report,
): Promise<void> {
  const at = now().toISOString()
  const incident = await records.read(id)
  if (!incident) return
  const stored = await store.read('facts', id)
  const kept = z.object({ json: z.string() }).safeParse(stored?.value).data?.json
  const cause = incident.verdicts.at(-1)?.cause ?? 'unknown'
  const first = await wrongVerdicts(store).keep({
    incident: id,
    at,
    by: user,
    cause,
    says: redact(says),
    ...(kept && { facts: kept }),
  })
  if (first) await records.change(id, (before) => transition(before, { what: 'called-wrong', at, by: user }))
}
