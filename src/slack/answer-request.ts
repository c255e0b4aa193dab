import { type Answer, ask, type Candidate, type Question } from '../incidents/ask.ts'
import type { IncidentWorld } from '../incidents/incident-world.ts'
import { records } from '../store/records.ts'
import { findingsBlocks } from './blocks/findings-blocks.ts'
import { notification } from './blocks/notification.ts'
import { linkToThread } from './link-to-thread.ts'
import type { PlacePolicy, PlaceRights } from './place-policy.ts'
import { type Request, requestSchema, requestVersion } from './request-record.ts'
import { rightsInDirectMessage } from './rights-in-direct-message.ts'
import type { Message, SlackApi } from './slack-api.ts'
import { states } from './states.ts'

/** What answering people needs of the rest of the program. */
export interface AnswerWorld {
  readonly incidents: IncidentWorld
  readonly slack: SlackApi
  readonly places: PlacePolicy
  respond(request: Request, message: Message): Promise<boolean>
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Answers one request: with a thread, or with words for the one who asked. Safe to run again. */
export async function answerRequest(world: AnswerWorld, id: string, signal: AbortSignal): Promise<void> {
  const { store } = world.incidents
  const request = await records(store, 'request', { schema: requestSchema, version: requestVersion }).read(id)
  if (!request) return // it was kept for an hour
  const rights = await rightsOf(world, request)
  if (!rights) return tell(world, request, states.channelNotListed(world.places.channels))
  const question: Question = { ...request, request: id, privately: request.betweenPeople, ...rights }
  const answer = await ask(world.incidents, question, signal)
  await keepChoices(world, id, answer)
  const message = await messageOf(world, request, question, answer)
  if (message) await tell(world, request, message)
}

/** What is offered is kept here: a button carries only its number. */
async function keepChoices({ incidents }: AnswerWorld, id: string, answer: Answer): Promise<void> {
  const choices = candidatesOf(answer)
    .map(({ cluster, target }) => `@${cluster} ${target}`)
    .slice(0, mostChoices)
  if (choices.length === 0) return
  const requests = records(incidents.store, 'request', { schema: requestSchema, version: requestVersion })
  await requests.change(id, (before) => before && { value: { ...before, choices } })
}

const mostChoices = 100

function candidatesOf(answer: Answer): readonly Candidate[] {
  if (answer.answer === 'not-found' || answer.answer === 'several') return answer.candidates
  if (answer.answer !== 'overview') return []
  return answer.overview.flatMap(({ cluster, rows }) => rows.map(({ target }) => ({ cluster, target })))
}

async function rightsOf(
  { places, slack }: AnswerWorld,
  { channel, user, betweenPeople }: Request,
): Promise<PlaceRights | undefined> {
  const own = places.rightsOf(channel)
  if (own) return own.may.has('commands') ? own : undefined
  return betweenPeople || channel.startsWith('D') ? rightsInDirectMessage(places, slack, user) : undefined
}

async function tell(world: AnswerWorld, request: Request, message: Message): Promise<void> {
  if (await world.respond(request, message)) return
  world.warn('an answer did not reach the person who asked', { request: request.id, channel: request.channel })
}

/** undefined: the thread is the answer. */
async function messageOf(
  world: AnswerWorld,
  request: Request,
  { clusters }: Question,
  answer: Answer,
): Promise<Message | undefined> {
  switch (answer.answer) {
    case 'opened':
      return request.thread ? states.opened() : undefined
    case 'open-already': {
      if (answer.incident.channel !== request.channel) return states.openElsewhere()
      const link = await linkToThread(world.incidents.store, world.slack, answer.incident.id)
      if (!link) await world.incidents.queue.add('sync-thread', answer.incident.id)
      return states.openAlready(link)
    }
    case 'verdict': {
      const { incident } = answer
      const form = { details: 'container', buttons: false } as const
      const menu = states.postTo(request.id, await namedChannels(world))
      return { text: notification(incident), blocks: [...findingsBlocks(incident, form), ...(menu ? [menu] : [])] }
    }
    case 'not-failing': {
      const { target, route } = answer.diagnosis
      return states.notFailing(`${target.namespace}/${target.pod || target.owner?.name}`, answer.note, route?.playbook)
    }
    case 'overview':
      return states.overview(answer, request.id)
    case 'invalid':
      return states.invalid(answer.reason)
    case 'unknown-cluster':
      return states.unknownCluster(answer.named, clusters)
    case 'hidden-namespace':
      return states.hiddenNamespace(answer.namespace)
    case 'not-found':
      return states.notFound(answer, request.id)
    case 'several':
      return states.several(answer, request.id)
    case 'silent':
      return states.silent(answer.silent)
  }
}

const named = 20

async function namedChannels({
  places,
  slack,
}: AnswerWorld): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const looks = await Promise.all(
    places.channels.slice(0, named).map(async (id) => ({ id, of: await slack.channel(id) })),
  )
  return looks.flatMap(({ id, of }) => (of.outcome === 'done' && of.value.member ? [{ id, name: of.value.name }] : []))
}
