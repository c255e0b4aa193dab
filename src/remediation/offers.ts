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

/** Milliseconds that the verdict waits for its buttons. */
const patience = 4_000
/** The most actions in one incident. After them, a person has to look at it. */
const mostActions = 40

export interface OfferOptions {
  readonly store: Store
  readonly clusters: WatchedClusters
  readonly settings: RemediationSettings
  readonly plan: PlanAction
  readonly now: () => Date
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/**
 * Makes the function that finds the actions for an incident. Each offer is stored, so that its button carries only an
 * id. An action that cannot be planned is withheld. It throws StoreError.
 */
export function createOffers(deps: OfferOptions): FindOffers {
  return (incident, seen, signal) => findOffers(deps, incident, seen, signal)
}

async function findOffers(
  { store, clusters, settings, plan, now, warn }: OfferOptions,
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
  return { offered: keepOnePrimary(offered), withheld }
}

/** An action that cannot be planned is withheld, and the verdict is posted without it. */
async function attempt(
  action: Action,
  warn: OfferOptions['warn'],
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
  const id = toOfferId(incident.id, action.id, plan.hash, before)
  const label = planned.label ?? action.label
  const says = planned.confirm.sentences.join(' ')
  const offers = offerRecords(store)
  const { version } = offers
  // The same id means the same plan, but its pods may be different now.
  await offers.change(id, () => ({
    value: { version, incident: incident.id, label, says, plan, at: now.toISOString() },
  }))
  const { title, yes } = planned.confirm
  return { id, action: action.id, label, place, confirm: { title, text: says, yes } }
}

/** After one of these states, another approval may do the same again. */
function isOnceOnly(state: Incident['actions'][number]['state']): boolean {
  return state === 'done' || state === 'failed' || state === 'refused'
}

/** The same plan has the same id, so that a button does not change between checks. The id discloses nothing. */
function toOfferId(...of: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 22)
}

function keepOnePrimary(offers: readonly Offer[]): Offer[] {
  const first = offers.findIndex(({ place }) => place === 'primary')
  return offers.map((it, index) => (it.place === 'primary' && index !== first ? { ...it, place: 'button' } : it))
}
