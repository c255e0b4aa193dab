import type { Click, Decision } from '../../remediation/approvals/decide.ts'
import { toActionEntry } from '../../remediation/execution/report.ts'
import { actionReplies } from '../action-replies.ts'
import type { Message } from '../api.ts'
import { replies } from '../replies.ts'
import { linkToThread } from '../thread/links.ts'
import type { ListenerOptions } from './options.ts'

type ActOptions = Pick<ListenerOptions, 'decide' | 'store' | 'slack' | 'now'>

/** Decides on a click on an action. The message is for the person who clicked; undefined: the thread shows the result. */
export async function actOn(options: ActOptions, click: Click): Promise<Message | undefined> {
  if (!options.decide) return replies.oldButton(undefined)
  return messageFor(options, click, await options.decide(click))
}

async function messageFor(options: ActOptions, { wish }: Click, decision: Decision): Promise<Message | undefined> {
  switch (decision.decision) {
    case 'started':
    case 'declined':
      return undefined
    case 'asked':
      return actionReplies.asked(decision.label)
    case 'unknown':
      return replies.oldButton(undefined)
    case 'over':
      return replies.oldButton(decision.incident.id)
    case 'no-longer-offered':
      return actionReplies.noLonger(decision.label, decision.incident.id)
    case 'outsider':
      return replies.outsider()
    case 'unidentified':
      return replies.unknownPerson()
    case 'scope-missing':
      return actionReplies.scopeMissing()
    case 'not-here':
      return actionReplies.notHere()
    case 'not-permitted':
      return actionReplies.noRights(decision.offer.label, decision.offer.plan.namespace, decision.who, decision.id)
    case 'busy':
      return actionReplies.busy(decision.by)
    case 'too-late':
      return actionReplies.tooLate()
    case 'taken':
      return taken(options, wish, decision)
  }
}

async function taken(
  { store, slack, now }: ActOptions,
  wish: Click['wish'],
  { approval, incident }: Extract<Decision, { decision: 'taken' }>,
): Promise<Message> {
  if (wish === 'grant' || wish === 'decline') return actionReplies.tooLate()
  const entry = toActionEntry(approval, [])
  const at = (entry.state === 'asked' ? entry.askedBy : entry.by)?.at ?? ''
  const seconds = (now().getTime() - Date.parse(at)) / 1_000
  const link = await linkToThread(store, slack, incident.id)
  return actionReplies.taken(entry, seconds, link)
}
