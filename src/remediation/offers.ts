import { createHash } from 'node:crypto'
import { type Incident, noOffers, type Offer, type Offers } from '../incidents/incident.ts'
import type { FindOffers } from '../incidents/investigation/investigate.ts'
import type { DiagnosedSubject } from '../incidents/investigation/subject.ts'
import type { WatchedClusters } from '../incidents/watched-cluster.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import type { Store } from '../store/store.ts'
import { type Text, text } from '../text.ts'
import type { Action, Situation } from './action.ts'
import { actions } from './actions.ts'
import { offerRecords } from './approvals/records.ts'
import { readActionFacts } from './facts.ts'
import type { PlanAction, PlanOutcome } from './plan-action.ts'
import type { RemediationSettings } from './settings.ts'

/** Milliseconds. The verdict does not wait longer for its buttons. */
const patience = 4_000
/** Actions in one incident. After so many somebody has to look at it. */
const mostActions = 40

export interface OfferDependencies {
  readonly store: Store
  readonly clusters: WatchedClusters
  readonly settings: RemediationSettings
  readonly plan: PlanAction
  readonly now: () => Date
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Finds what could be done about an incident now. Each offer is stored, so that its button carries an id alone. */
export function createOffers(deps: OfferDependencies): FindOffers {
  return (incident, seen, signal) => findOffers(deps, incident, seen, signal)
}

async function findOffers(
  { store, clusters, settings, plan, now, warn }: OfferDependencies,
  incident: Incident,
  seen: DiagnosedSubject,
  signal: AbortSignal,
): Promise<Offers> {
  const facts = readActionFacts(seen)
  const watched = clusters.get(incident.cluster)
  if (!facts || !watched) return noOffers
  if (incident.actions.length >= mostActions)
    return {
      offered: [],
      withheld: [{ action: 'Everything', reason: text`${mostActions} actions were already taken here` }],
    }
  const situation: Situation = { incident, facts, settings, now: now() }
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  const options = { anew: false, gitDirectory: watched.gitDirectory, signal: limited }
  const plans = await Promise.all(
    actions.map(async (action) => {
      const outcome = await attempt(action, warn, () => plan(action, situation, watched.cluster, options))
      return { action, outcome }
    }),
  )
  const offered = await Promise.all(
    plans.flatMap(({ action, outcome }) =>
      outcome.outcome === 'planned' ? [storeOffer(store, incident, action, outcome, now())] : [],
    ),
  )
  const withheld = plans.flatMap(({ action, outcome }) =>
    outcome.outcome === 'withheld' ? [{ action: action.label, reason: outcome.reason }] : [],
  )
  return { offered: onePrimary(offered), withheld }
}

/** An action that cannot be planned is not offered. The verdict is told all the same. */
async function attempt(
  action: Action,
  warn: OfferDependencies['warn'],
  plan: () => Promise<PlanOutcome>,
): Promise<PlanOutcome> {
  try {
    return await plan()
  } catch (error) {
    if (!(error instanceof ClusterError)) warn('an action could not be planned', { action: action.id, error })
    const reason: Text = error instanceof ClusterError ? text`${error.message}` : text`something failed on my side`
    return { outcome: 'withheld', reason }
  }
}

async function storeOffer(
  store: Store,
  incident: Incident,
  action: Action,
  { plan, planned, place }: Extract<PlanOutcome, { outcome: 'planned' }>,
  now: Date,
): Promise<Offer> {
  const before = incident.actions.filter((it) => it.action === action.id && isOnceOnly(it.state)).length
  const id = offerId(incident.id, action.id, plan.hash, before)
  const label = planned.label ?? action.label
  const says = planned.confirm.says.join(' ')
  const offers = offerRecords(store)
  const { version } = offers
  // The same id is the same plan, but its pods may be others now.
  await offers.change(id, () => ({
    value: { version, incident: incident.id, label, says, plan, at: now.toISOString() },
  }))
  const { title, yes } = planned.confirm
  return { id, action: action.id, label, place, confirm: { title, text: says, yes } }
}

/** After one of these states another approval may do the same again. */
function isOnceOnly(state: Incident['actions'][number]['state']): boolean {
  return state === 'done' || state === 'failed' || state === 'refused'
}

/** The same plan has the same id, so that a button stays the same from one check to the next. The id discloses nothing. */
function offerId(...of: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 22)
}

function onePrimary(offers: readonly Offer[]): Offer[] {
  const first = offers.findIndex(({ place }) => place === 'primary')
  return offers.map((it, index) => (it.place === 'primary' && index !== first ? { ...it, place: 'button' } : it))
}
