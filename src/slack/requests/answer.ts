import { z } from 'zod'
import { type Answer, ask, type Candidate, clustersOf, type Question, type Scope } from '../../incidents/ask.ts'
import type { IncidentWorld } from '../../incidents/incident-world.ts'
import { Later } from '../../queue/queue.ts'
import type { People } from '../../remediation/permissions.ts'
import { records } from '../../store/records.ts'
import { type PlacePolicy, readableChannels, rightsInDirectMessage } from '../access.ts'
import type { Message, SlackApi } from '../api.ts'
import { findingsBlocks } from '../blocks/findings.ts'
import { notification } from '../blocks/headline.ts'
import { refusalToAsk } from '../may-press.ts'
import { states } from '../replies.ts'
import { linkToThread } from '../thread/links.ts'

/** What answering people needs of the rest of the program. */
export interface AnswerWorld {
  readonly incidents: IncidentWorld
  readonly slack: SlackApi
  readonly places: PlacePolicy
  readonly people: People
  respond(request: Request, message: Message): Promise<boolean>
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Answers one request: with a thread, or with words for the one who asked. Safe to run again. */
export async function answerRequest(world: AnswerWorld, id: string, signal: AbortSignal): Promise<void> {
  const { store } = world.incidents
  const request = await records(store, 'request', { schema: requestSchema, version: requestVersion }).read(id)
  if (!request) return // it was kept for an hour
  const refusal = await refusalToAsk(world, request.user)
  if (refusal) return tell(world, request, refusal)
  const scopes = await scopesOf(world, request)
  if (scopes.length === 0) return tell(world, request, await notListed(world, request.user))
  const privately = request.direct && (await isBetweenPeople(world, request.channel))
  const question: Question = { ...request, request: id, privately, scopes }
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

/** What may be known where it was asked. Empty: nothing. */
async function scopesOf(world: AnswerWorld, { channel, user, direct }: Request): Promise<readonly Scope[]> {
  const own = world.places.rightsOf(channel)
  if (own) return own.may.has('commands') ? [own] : []
  return direct ? rightsInDirectMessage(world, user) : []
}

/**
 * Whether other people read a conversation. Between two people the bot is no member: Slack does not even show it. In a group
 * the others may know less than the one who asks.
 */
async function isBetweenPeople({ slack }: AnswerWorld, channel: string): Promise<boolean> {
  if (!channel.startsWith('D')) return true
  const known = await slack.channel(channel)
  if (known.outcome === 'limited') throw new Later(known.ms)
  if (known.outcome === 'unknown') throw new Error(`Slack does not say what a conversation is: ${known.error}`)
  return known.outcome === 'refused'
}

/** Names no channel that this person may not see. */
async function notListed(world: AnswerWorld, user: string): Promise<Message> {
  return states.channelNotListed((await readableChannels(world, user)).map(({ id }) => id))
}

async function tell(world: AnswerWorld, request: Request, message: Message): Promise<void> {
  if (await world.respond(request, message)) return
  world.warn('an answer did not reach the person who asked', { request: request.id, channel: request.channel })
}

/** undefined: the thread is the answer. */
async function messageOf(
  world: AnswerWorld,
  request: Request,
  question: Question,
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
      // A verdict without a menu is better than none.
      const channels = await readableChannels(world, request.user).catch(() => [])
      const menu = states.postTo(
        request.id,
        channels.filter(({ member }) => member),
      )
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
      return states.unknownCluster(answer.named, clustersOf(question))
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

/** Of the record's form. */
export const requestVersion = 1

/** What a person asked for, kept until it is answered. Jobs carry its id alone. */
export const requestSchema = z.object({
  version: z.literal(requestVersion),
  id: z.string(),
  at: z.iso.datetime(),
  user: z.string(),
  channel: z.string(),
  /** In a thread: its root. */
  thread: z.string().optional(),
  /** As it was typed, or chosen; empty: what cannot pull now. */
  typed: z.string(),
  /** Where an answer that only this person sees can go; it ends after 30 minutes and five answers. */
  responseUrl: z.string().optional(),
  /** A direct message: with the bot, or between people, where the bot cannot post. */
  direct: z.boolean().default(false),
  /** The incident that it may begin. */
  incident: z.string(),
  /** Targets that were offered to choose from, in their order. */
  choices: z.array(z.string()).max(100).default([]),
})

export type Request = z.infer<typeof requestSchema>
