import { type Click, type Decision, decide } from '../../remediation/approvals/decide.ts'
import { entryOf } from '../../remediation/execution/report.ts'
import { actionStates } from '../action-replies.ts'
import type { Message } from '../api.ts'
import { states } from '../replies.ts'
import { linkToThread } from '../thread/links.ts'
import type { ListenerWorld } from './listener-world.ts'

/** A click on what could be done. What comes back is for the one who clicked; undefined: the thread says it. */
export async function actOn(world: ListenerWorld, click: Click): Promise<Message | undefined> {
  if (!world.actions) return states.oldButton(undefined)
  const decision = await decide(world.actions, click)
  return messageOf(world, click, decision)
}

async function messageOf(world: ListenerWorld, { wish }: Click, decision: Decision): Promise<Message | undefined> {
  switch (decision.decision) {
    case 'started':
    case 'declined':
      return undefined
    case 'asked':
      return actionStates.asked(decision.label)
    case 'unknown':
      return states.oldButton(undefined)
    case 'over':
      return states.oldButton(decision.incident.id)
    case 'no-longer-offered':
      return actionStates.noLonger(decision.label, decision.incident.id)
    case 'outsider':
      return states.outsider()
    case 'not-here':
      return actionStates.notHere()
    case 'not-permitted':
      return actionStates.noRights(decision.offer.label, decision.offer.plan.namespace, decision.who, decision.id)
    case 'busy':
      return actionStates.busy(decision.by)
    case 'too-late':
      return actionStates.tooLate()
    case 'taken':
      return taken(world, wish, decision)
  }
}

async function taken(
  world: ListenerWorld,
  wish: Click['wish'],
  { approval, incident }: Extract<Decision, { decision: 'taken' }>,
): Promise<Message> {
  if (wish === 'grant' || wish === 'decline') return actionStates.tooLate()
  const entry = entryOf(approval, [])
  const at = (entry.state === 'asked' ? entry.askedBy : entry.by)?.at ?? ''
  const seconds = (world.incidents.now().getTime() - Date.parse(at)) / 1_000
  const link = await linkToThread(world.incidents.store, world.slack, incident.id)
  return actionStates.taken(entry, seconds, link)
}
