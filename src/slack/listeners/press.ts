import { actionIds } from '../../remediation/action-id.ts'
import type { Click } from '../../remediation/decide.ts'
import { offerRecords } from '../../remediation/offer-records.ts'
import { detailsView } from '../blocks/details-view.ts'
import { escalateView } from '../blocks/escalate-view.ts'
import { muteView } from '../blocks/mute-view.ts'
import { wrongView } from '../blocks/wrong-view.ts'
import { refusalToPress } from '../may-press.ts'
import type { Message } from '../slack-api.ts'
import { states } from '../states.ts'
import { actOn } from './act-on.ts'
import { checkAgain } from './check-again.ts'
import { checkAnew } from './check-anew.ts'
import { choose } from './choose.ts'
import { continueThread } from './continue-thread.ts'
import type { ListenerWorld } from './listener-world.ts'
import { postTo } from './post-to.ts'
import type { Pressed } from './pressed.ts'

/** What a button does. What comes back is for the one who pressed. */
type Handler = (world: ListenerWorld, pressed: Pressed) => Promise<Message | undefined>

/** What changes nothing in a cluster. Who may do the rest is decided with the action, and kept for the audit. */
const readers: Readonly<Record<string, Handler>> = {
  'check-again': (world, { value, user, event }) => checkAgain(world, { incident: value, user, event }),
  'check-anew': (world, { value, user, channel, event }) => checkAnew(world, { incident: value, user, channel, event }),
  choose: (world, pressed) => choose(world, pressed),
  continue: (world, { value }) => continueThread(world, value),
  details: (world, pressed) => details(world, pressed, pressed.value),
  more: (world, pressed) => more(world, pressed),
  'post-to': (world, pressed) => postTo(world, pressed),
}

const actions: Readonly<Record<string, Handler>> = {
  'ask-them': (world, pressed) => actOn(world, clickOf(pressed, 'ask', undefined)),
  grant: (world, pressed) => actOn(world, clickOf(pressed, 'grant', undefined)),
  decline: (world, pressed) => actOn(world, clickOf(pressed, 'decline', undefined)),
  ...Object.fromEntries(
    actionIds.map((id): [string, Handler] => [id, (world, pressed) => actOn(world, clickOf(pressed, 'do', id))]),
  ),
}

/** A button names its action and an offer: both must be of one. Who and where is what Slack signed. */
function clickOf(
  { value, user, team, channel, event }: Pressed,
  wish: Click['wish'],
  action: string | undefined,
): Click {
  return { wish, action, offer: value, user, team, channel, event }
}

/** Every button that was ever sent answers: one that is no longer known says so. */
export async function press(world: ListenerWorld, pressed: Pressed): Promise<Message | undefined> {
  if (!world.places.isWorkspace(pressed.team)) return states.outsider()
  const action = Object.hasOwn(actions, pressed.action) ? actions[pressed.action] : undefined
  const reader = Object.hasOwn(readers, pressed.action) ? readers[pressed.action] : undefined
  try {
    if (action) return await action(world, pressed)
    const refusal = await refusalToPress(world, pressed.user)
    if (refusal) return refusal
    return reader ? await reader(world, pressed) : states.oldButton(undefined)
  } catch (error) {
    world.warn('a button could not do its work', { error, action: pressed.action })
    return states.cannotStart('something failed', undefined)
  }
}

async function details(world: ListenerWorld, { trigger }: Pressed, id: string): Promise<Message | undefined> {
  const incident = await world.incidents.incidents.read(id)
  if (!incident) return states.unknownIncident()
  await world.slack.openView(trigger, detailsView(incident))
  return undefined
}

/** The menu beside the buttons: what is to be done, and with which incident. */
async function more(world: ListenerWorld, pressed: Pressed): Promise<Message | undefined> {
  const [what, id = ''] = pressed.value.split(' ')
  if (what === 'details') return details(world, pressed, id)
  if (what === 'mute' || what === 'escalate') return askFirst(world, pressed, what, id)
  if (what !== 'verdict-is-wrong') return states.oldButton(undefined)
  if (!(await world.incidents.incidents.read(id))) return states.unknownIncident()
  await world.slack.openView(pressed.trigger, wrongView.of(id))
  return undefined
}

/** What stands in the menu asks in a window of its own. The offer and the place come back with the answer. */
async function askFirst(
  world: ListenerWorld,
  { trigger, channel }: Pressed,
  what: 'mute' | 'escalate',
  id: string,
): Promise<Message | undefined> {
  const offer = world.actions && (await offerRecords(world.incidents.store).read(id))
  if (offer?.plan.action !== what) return states.oldButton(undefined)
  const metadata = JSON.stringify({ offer: id, channel })
  const view = what === 'mute' ? muteView.of(metadata, offer.says) : escalateView.of(metadata, offer.says)
  await world.slack.openView(trigger, view)
  return undefined
}
