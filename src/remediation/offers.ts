import { createHash } from 'node:crypto'
import { type Incident, noOffers, type Offer, type Offers } from '../incidents/incident.ts'
import type { SubjectSeen } from '../incidents/subject.ts'
import { ClusterError } from '../kubernetes/errors.ts'
import { type Text, text } from '../text.ts'
import type { Action, Situation } from './action.ts'
import { actions } from './actions.ts'
import { offerRecords } from './approvals/records.ts'
import { readActionFacts } from './facts.ts'
import { type PlanOutcome, planAction } from './plan-action.ts'
import type { RemediationWorld } from './remediation-world.ts'

/** Milliseconds: the verdict is not to wait for its buttons. */
const patience = 4_000
/** What people did in one incident; then it needs somebody who looks. */
const mostActions = 40

/** What could be done about an incident now. Each offer is written down, so that its button needs to carry its id alone. */
export async function findOffers(
  world: RemediationWorld,
  incident: Incident,
  seen: SubjectSeen,
  signal: AbortSignal,
): Promise<Offers> {
  const facts = readActionFacts(seen)
  const watched = world.incidents.clusters.get(incident.cluster)
  if (!facts || !watched) return noOffers
  if (incident.actions.length >= mostActions)
    return {
      offered: [],
      withheld: [{ action: 'Everything', reason: text`${mostActions} things were done here already` }],
    }
  const { settings } = world
  const situation: Situation = { incident, facts, settings, now: world.incidents.now() }
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  const { directory: gitDirectory } = watched.world().settings.gitops
  const plans = await Promise.all(
    actions.map(async (action) => ({
      action,
      plan: await attempt(world, action, () =>
        planAction(world, action, situation, watched.cluster, { anew: false, gitDirectory, signal: limited }),
      ),
    })),
  )
  const offered = await Promise.all(plans.map(({ action, plan }) => record(world, incident, action, plan)))
  const withheld = plans.flatMap(({ action, plan }) =>
    plan.outcome === 'withheld' ? [{ action: action.label, reason: plan.reason }] : [],
  )
  return { offered: onePrimary(offered.filter((it) => it !== undefined)), withheld }
}

/** What cannot be planned is not offered; that is no reason not to tell the verdict. */
async function attempt(
  { warn }: RemediationWorld,
  action: Action,
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

async function record(
  { incidents }: RemediationWorld,
  incident: Incident,
  action: Action,
  outcome: PlanOutcome,
): Promise<Offer | undefined> {
  if (outcome.outcome !== 'planned') return undefined
  const { plan, planned, place } = outcome
  const before = incident.actions.filter((it) => it.action === action.id && isOnceOnly(it.state)).length
  const id = offerId(incident.id, action.id, plan.hash, before)
  const label = planned.label ?? action.label
  const says = planned.confirm.says.join(' ')
  const offers = offerRecords(incidents.store)
  const { version } = offers
  // The same id is the same plan, but its pods may be others now.
  const at = incidents.now().toISOString()
  await offers.change(id, () => ({ value: { version, incident: incident.id, label, says, plan, at } }))
  return {
    id,
    action: action.id,
    label,
    place,
    confirm: { title: planned.confirm.title, text: says, yes: planned.confirm.yes },
  }
}

/** After these the same thing may be done anew, by another approval. */
function isOnceOnly(state: Incident['actions'][number]['state']): boolean {
  return state === 'done' || state === 'failed' || state === 'refused'
}

/** The same for the same plan, so that a button stays the same from one check to the next. Nobody can read anything from it. */
function offerId(...of: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 22)
}

function onePrimary(offers: readonly Offer[]): Offer[] {
  const first = offers.findIndex(({ place }) => place === 'primary')
  return offers.map((it, index) => (it.place === 'primary' && index !== first ? { ...it, place: 'button' } : it))
}
