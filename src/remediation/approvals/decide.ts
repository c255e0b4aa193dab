import type { Incident } from '../../incidents/incident.ts'
import type { IncidentRecords } from '../../incidents/records.ts'
import { isOver } from '../../incidents/transition.ts'
import type { Queue } from '../../queue/queue.ts'
import type { Store } from '../../store/store.ts'
import { findAction } from '../actions.ts'
import { auditRecords } from '../execution/audit.ts'
import type { ApprovalReports } from '../execution/report.ts'
import type { WhoMay } from '../permissions.ts'
import { type Approval, type ApprovalEvent, isEnded, isLate } from './approval.ts'
import type { Authorise } from './authorise.ts'
import { type ApprovalRecords, type OfferRecord, offerRecords } from './records.ts'

/** A click, read from Slack's signed request. Only `offer` comes from the message. */
export interface Click {
  /** `do`: the action's own button. `ask`: a request that others approve it. `grant`, `decline`: the answers to that. */
  readonly wish: 'do' | 'ask' | 'grant' | 'decline'
  /** The action that the button names. undefined: the button is for any action. */
  readonly action: string | undefined
  readonly offer: string
  readonly user: string
  readonly team: string
  readonly channel: string
  /** The same when Slack delivers it again. */
  readonly event: string
  readonly choice?: Readonly<Record<string, string>>
}

export type Decision =
  /** This click started it. */
  | { readonly decision: 'started' | 'asked' | 'declined'; readonly label: string }
  /** There is no such offer in this channel, or the button names another action than the offer. */
  | { readonly decision: 'unknown' }
  | { readonly decision: 'over' | 'no-longer-offered'; readonly incident: Incident; readonly label: string }
  | { readonly decision: 'outsider' | 'unidentified' | 'scope-missing' | 'not-here' }
  | { readonly decision: 'not-permitted'; readonly offer: OfferRecord; readonly who: WhoMay; readonly id: string }
  /** Another person was first, or asked already. */
  | { readonly decision: 'taken'; readonly approval: Approval; readonly incident: Incident }
  /** Another action is changing the cluster for the same incident. */
  | { readonly decision: 'busy'; readonly by: Incident['actions'][number] }
  | { readonly decision: 'too-late' }

const events = { do: 'approved', ask: 'asked', grant: 'granted', decline: 'declined' } as const

export interface DecideDependencies {
  readonly store: Store
  readonly approvals: ApprovalRecords
  readonly incidents: IncidentRecords
  readonly queue: Pick<Queue, 'add'>
  readonly authorise: Authorise
  readonly reports: Pick<ApprovalReports, 'show'>
  readonly now: () => Date
}

export type Decide = (click: Click) => Promise<Decision>

/**
 * Makes the function that decides on a click: who clicked, what the configuration allows, whether the action is still
 * offered, and whether another person was first. What it starts is durable when it returns, and a worker executes it. It
 * throws StoreError and QueueError.
 */
export function createDecide(deps: DecideDependencies): Decide {
  return (click) => decide(deps, click)
}

async function decide(deps: DecideDependencies, click: Click): Promise<Decision> {
  const { store, approvals, incidents, now } = deps
  const offer = await offerRecords(store).read(click.offer)
  if (!offer || (click.action !== undefined && click.action !== offer.plan.action)) return { decision: 'unknown' }
  const incident = await incidents.read(offer.incident)
  // The buttons of an incident are only in its own thread.
  if (incident?.channel !== click.channel) return { decision: 'unknown' }
  const taken = await approvals.read(click.offer)
  const own = taken?.event === click.event // the same click, delivered again
  if (taken && !own && isTaken(taken, click, now())) return { decision: 'taken', approval: taken, incident }
  if (isOver(incident)) return { decision: 'over', incident, label: offer.label }
  const refusal = await refuse(deps, click, offer, incident)
  if (refusal) return refusal
  return take(deps, click, offer, incident)
}

/** A request can be granted with its button, or with the action's own button. An approval that nobody began in time does not count. */
function isTaken(approval: Approval, { wish }: Click, now: Date): boolean {
  const late = isLate(approval, now.toISOString())
  const { state } = approval
  const open = state === 'pending' && !late
  if (wish === 'grant' || wish === 'decline') return !open
  if (open) return wish === 'ask'
  const inVain = state === 'declined' || state === 'expired' || (late && (state === 'pending' || state === 'approved'))
  return !inVain
}

async function refuse(
  deps: DecideDependencies,
  click: Click,
  offer: OfferRecord,
  incident: Incident,
): Promise<Decision | undefined> {
  const { plan } = offer
  const { cluster, namespace } = plan
  const action = findAction(plan.action)
  const { channel, user } = click
  const authority = await deps.authorise({ action, cluster, namespace, channel, user })
  if (!authority.allowed && !(authority.why === 'person' && click.wish === 'ask')) {
    await audit(deps, click, offer, { what: 'refusal', result: authority.why })
    if (authority.why === 'person') return { decision: 'not-permitted', offer, who: authority.who, id: click.offer }
    return { decision: authority.why === 'place' ? 'not-here' : authority.why }
  }
  if (click.wish === 'decline') return undefined
  const running = incident.actions.find((it) => it.alone && (it.state === 'running' || it.state === 'approved'))
  if (running && action.checkedAnew && running.id !== click.offer) return { decision: 'busy', by: running }
  const stillOffered = incident.offers.offered.some(({ id }) => id === click.offer)
  return stillOffered ? undefined : { decision: 'no-longer-offered', incident, label: offer.label }
}

async function take(deps: DecideDependencies, click: Click, offer: OfferRecord, incident: Incident): Promise<Decision> {
  const { approvals, now, queue, reports } = deps
  const { wish, user, team, event, choice } = click
  const at = now().toISOString()
  const of = { ...offer, id: click.offer, channel: click.channel }
  const happened: ApprovalEvent = { what: events[wish], at, user, team, event, ...(choice && { choice }) }
  const approval = await approvals.step(of, happened)
  if (!approval || approval.event !== event)
    return approval && !isEnded(approval) ? { decision: 'taken', approval, incident } : { decision: 'too-late' }
  const what = ({ do: 'intent', ask: 'request', grant: 'intent', decline: 'declined' } as const)[wish]
  await audit(deps, click, offer, { what })
  await reports.show(approval)
  if (approval.state === 'approved') await queue.add('act', approval.id)
  return { decision: wish === 'ask' ? 'asked' : wish === 'decline' ? 'declined' : 'started', label: offer.label }
}

async function audit(
  { store, now }: Pick<DecideDependencies, 'store' | 'now'>,
  { offer: id, user, team, event }: Click,
  { incident, plan }: OfferRecord,
  of: { readonly what: 'request' | 'declined' | 'refusal' | 'intent'; readonly result?: string },
): Promise<void> {
  const at = now().toISOString()
  await auditRecords(store).append({ id, incident, plan }, { key: event, at, who: { user, team }, ...of })
}
