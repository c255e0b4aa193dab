import type { Answer, Ask, Candidate, Question } from '../../incidents/asking/ask.ts'
import { clustersIn, type Scope } from '../../incidents/asking/scope.ts'
import type { Incident } from '../../incidents/incident.ts'
import { Later, type Queue } from '../../queue/queue.ts'
import type { Store } from '../../store/store.ts'
import { type Readers, readableChannels, refusalToAsk, rightsInDirectMessage } from '../access.ts'
import type { Message, SlackApi } from '../api.ts'
import { findingsBlocks } from '../blocks/findings.ts'
import { notification } from '../blocks/headline.ts'
import { replies } from '../replies.ts'
import { linkToThread } from '../thread/links.ts'
import { type Request, requestRecords } from './record.ts'
import type { Respond } from './respond.ts'

export interface AnswerOptions extends Readers {
  /** Finds the answer to a question about pods. */
  readonly ask: Ask
  readonly store: Store
  readonly queue: Pick<Queue, 'add'>
  readonly slack: SlackApi
  /** Shows a message to the person who asked. False: it did not reach them. */
  readonly respond: Respond
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

/**
 * Makes the function that answers one request: with a thread, or with a message to the person who asked. It is safe to run
 * again. It throws Later or Error where Slack or the store does not answer.
 */
export function createAnswers(options: AnswerOptions): (id: string, signal: AbortSignal) => Promise<void> {
  return async (id, signal) => {
    const request = await requestRecords(options.store).read(id)
    if (!request) return // requests are kept for an hour
    const message = (await refusalToAsk(options, request.user)) ?? (await answer(options, request, signal))
    if (!message || (await options.respond(request, message))) return
    options.warn('an answer did not reach the person who asked', { request: id, channel: request.channel })
  }
}

/** undefined: the thread is the answer. */
async function answer(options: AnswerOptions, request: Request, signal: AbortSignal): Promise<Message | undefined> {
  const { id } = request
  const scopes = await readScopes(options, request)
  if (scopes.length === 0) return notListed(options, request.user)
  const privately = request.direct && (await isBetweenPeople(options.slack, request.channel))
  const question: Question = { ...request, request: id, privately, scopes }
  const found = await options.ask(question, signal)
  await keepChoices(options.store, id, found)
  return messageFor(options, request, question, found)
}

/** Keeps the offered targets in the request's record: a button carries only a number. */
async function keepChoices(store: Store, id: string, answer: Answer): Promise<void> {
  const choices = listCandidates(answer)
    .map(({ cluster, target }) => `@${cluster} ${target}`)
    .slice(0, mostChoices)
  if (choices.length === 0) return
  await requestRecords(store).change(id, (before) => before && { value: { ...before, choices } })
}

const mostChoices = 100

function listCandidates(answer: Answer): readonly Candidate[] {
  if (answer.answer === 'not-found' || answer.answer === 'several') return answer.candidates
  if (answer.answer !== 'overview') return []
  return answer.overview.flatMap(({ cluster, rows }) => rows.map(({ target }) => ({ cluster, target })))
}

/** Reads what may be known in the place where somebody asked. Empty: nothing. */
async function readScopes(options: Readers, { channel, user, direct }: Request): Promise<readonly Scope[]> {
  const own = options.places.rightsOf(channel)
  if (own) return own.may.has('commands') ? [own] : []
  return direct ? rightsInDirectMessage(options, user) : []
}

/**
 * Tells whether other people read a conversation. Slack does not show the bot a conversation between two people. In a group
 * the others may have fewer rights than the person who asks.
 */
async function isBetweenPeople(slack: Pick<SlackApi, 'channel'>, channel: string): Promise<boolean> {
  if (!channel.startsWith('D')) return true
  const known = await slack.channel(channel)
  if (known.outcome === 'limited') throw new Later(known.ms)
  if (known.outcome === 'unknown') throw new Error(`Slack does not say what a conversation is: ${known.error}`)
  return known.outcome === 'refused'
}

/** The reply names only channels that this person may see. */
async function notListed(options: Readers, user: string): Promise<Message> {
  return replies.channelNotListed((await readableChannels(options, user)).map(({ id }) => id))
}

async function messageFor(
  options: AnswerOptions,
  request: Request,
  question: Question,
  answer: Answer,
): Promise<Message | undefined> {
  switch (answer.answer) {
    case 'opened':
      return request.thread ? replies.opened() : undefined
    case 'open-already':
      return linkReply(options, request, answer.incident)
    case 'verdict':
      return verdictReply(options, request, answer.incident)
    case 'not-failing': {
      const { target, route } = answer.diagnosis
      return replies.notFailing(`${target.namespace}/${target.pod || target.owner?.name}`, answer.note, route?.playbook)
    }
    case 'overview':
      return replies.overview(answer, request.id)
    case 'invalid':
      return replies.invalid(answer.reason)
    case 'unknown-cluster':
      return replies.unknownCluster(answer.named, clustersIn(question.scopes))
    case 'hidden-namespace':
      return replies.hiddenNamespace(answer.namespace)
    case 'not-found':
      return replies.notFound(answer, request.id)
    case 'several':
      return replies.several(answer, request.id)
    case 'silent':
      return replies.silent(answer.silent)
  }
}

async function linkReply(options: AnswerOptions, request: Request, { id, channel }: Incident): Promise<Message> {
  if (channel !== request.channel) return replies.openElsewhere()
  const link = await linkToThread(options.store, options.slack, id)
  if (!link) await options.queue.add('sync-thread', id)
  return replies.openAlready(link)
}

/** The whole verdict for one person, with a menu of the channels to which they can bring it. */
async function verdictReply(options: AnswerOptions, request: Request, incident: Incident): Promise<Message> {
  // A verdict without the menu of channels is better than no verdict.
  const channels = await readableChannels(options, request.user).catch(() => [])
  const menu = replies.postTo(
    request.id,
    channels.filter(({ member }) => member),
  )
  const findings = findingsBlocks(incident, { details: 'container', buttons: false })
  return { text: notification(incident), blocks: [...findings, ...(menu ? [menu] : [])] }
}
