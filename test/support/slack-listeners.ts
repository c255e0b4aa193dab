import type { AlertRules } from '../../src/alertmanager/rules.ts'
import { toPlacePolicy } from '../../src/app/from-config.ts'
import { configurationSchema } from '../../src/config/configuration.ts'
import { createAsking } from '../../src/incidents/asking/ask.ts'
import { incidentId } from '../../src/incidents/records.ts'
import { createPeople } from '../../src/slack/access.ts'
import type { Message, Outcome, SlackApi, User } from '../../src/slack/api.ts'
import type { ListenerOptions } from '../../src/slack/listeners/options.ts'
import { createAnswers } from '../../src/slack/requests/answer.ts'
import { incidentParts } from './incident-parts.ts'
import { only } from './only.ts'

/** A listed channel: whether it is private, and who is in it. The bot is. */
export interface TestChannel {
  readonly private?: boolean
  readonly members: readonly string[]
}

interface Options {
  readonly channels: Readonly<Record<string, TestChannel>>
  readonly configuration: { readonly channels: readonly object[] }
  readonly clusters?: Readonly<Record<string, readonly unknown[]>>
  /** What Slack answers instead of who somebody is. */
  readonly userOutcome?: Outcome<User>
}

const member: User = { team: 'T1', deleted: false, bot: false, guest: false, stranger: false }
const users: Readonly<Record<string, User>> = {
  UMEMBER: member,
  UOTHER: member,
  UGUEST: { ...member, guest: true },
  USTRANGER: { ...member, team: 'T2', stranger: true },
  UGONE: { ...member, deleted: true },
  UBOT: { ...member, bot: true },
}

/** What listeners and answers need, with a Slack that knows a few people and channels and writes down what it is asked. */
export function slackListeners({ channels, configuration, clusters, userOutcome }: Options) {
  const parts = incidentParts({ configuration, ...(clusters && { clusters }) })
  const calls: string[] = []
  const told: { readonly to: string; readonly message: Message }[] = []
  const done = <T>(value: T): Outcome<T> => ({ outcome: 'done', value })
  const refused = (error: string) => ({ outcome: 'refused', error, details: [] }) as const
  const slack = only<SlackApi>({
    async user(id: string) {
      calls.push(`users.info ${id}`)
      const user = users[id]
      return userOutcome ?? (user ? done(user) : refused('user_not_found'))
    },
    async channel(id: string) {
      calls.push(`conversations.info ${id}`)
      const own = channels[id]
      if (!own) return id === 'DWITHBOT' ? done(channelOf(id, true)) : refused('channel_not_found')
      return done(channelOf(id, own.private ?? false))
    },
    async isMember(id: string, user: string) {
      calls.push(`conversations.members ${id}`)
      return done(channels[id]?.members.includes(user) ?? false)
    },
    async openView(_trigger: string, view: object) {
      calls.push(`views.open ${JSON.stringify(view)}`)
      return done(undefined)
    },
    async ephemeral(_place: object, to: string, message: Message) {
      told.push({ to, message })
      return done(undefined)
    },
  })
  const places = toPlacePolicy(configurationSchema.parse(configuration), [...parts.clusters.keys()], () => 'T1')
  const people = createPeople(slack, places, parts.now)
  const warn = (message: string, fields: object): void => {
    throw new Error(message, { cause: fields })
  }
  const { store, queue, now, incidents, intake } = parts
  const listeners: ListenerOptions = {
    ...{ records: incidents, store, queue, intake, now, newId: incidentId },
    ...{ slack, places, people, command: '/imagepull', warn },
    alertPosts: {
      ...{ rules: noRules, posters: new Set<string>(), own: () => 'B1' },
      turnedAway: () => undefined,
    },
  }
  const answer = createAnswers({
    ...{ store, queue, slack, places, people, warn },
    ask: createAsking(parts),
    async respond({ user }, message) {
      told.push({ to: user, message })
      return true
    },
  })
  return { ...parts, listeners, answer, calls, told, slack, places, people }
}

/** Alert rules that read nothing. */
const noRules: AlertRules = {
  ...{ names: new Set<string>(), reasons: new Set<string>(), clusters: new Set<string>() },
  ...{ clusterLabel: 'cluster', labels: [], patterns: [] },
}

function channelOf(id: string, isPrivate: boolean) {
  return { name: id.toLowerCase(), private: isPrivate, member: true, archived: false, shared: false }
}
