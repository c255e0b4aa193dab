import type { ActionsBlock, RichTextElement } from '@slack/types'
import type { ActionEntry } from '../incidents/incident.ts'
import type { WhoMay } from '../remediation/permissions.ts'
import type { Message } from './api.ts'
import { rich } from './blocks/elements.ts'

const limits = { who: 5, label: 75 } as const

type Line = readonly RichTextElement[]

/** Replies to a press on an action's button that the thread does not answer. Only the person who pressed sees them. */
export const actionReplies = {
  asked: (label: string) =>
    say('Approval requested', [rich.plain(`${label}: I've asked the people who can approve it, in the thread.`)]),
  /** `@maya started this 4 s ago: link.` */
  taken: (
    entry: Pick<ActionEntry, 'label' | 'state' | 'by' | 'askedBy'>,
    seconds: number,
    link: string | undefined,
  ) => {
    const { label, state, by, askedBy } = entry
    const person = state === 'asked' ? askedBy : by
    const verb = state === 'asked' ? 'asked for this' : 'started this'
    const who = person ? [rich.user(person.user)] : [rich.plain('Somebody')]
    const where = link ? [rich.plain(': '), rich.link(link, 'the thread')] : []
    return say(`${label}: ${state === 'asked' ? 'already requested' : 'already started'}`, [
      ...who,
      rich.plain(` ${verb} ${ago(seconds)} ago`),
      ...where,
      rich.plain('.'),
    ])
  },
  busy: ({ label, by }: Pick<ActionEntry, 'label' | 'by'>) =>
    say('Another action is running', [
      rich.plain(`${label}`),
      ...(by ? [rich.plain(' by '), rich.user(by.user)] : []),
      rich.plain(' is already running for this incident. Try again when it has finished.'),
    ]),
  noRights: (label: string, namespace: string, { groups, users }: WhoMay, offer: string) => {
    const called = [...groups.map(rich.group), ...users.map(rich.user)].slice(0, limits.who)
    const names = called.flatMap((it, index) => (index > 0 ? [rich.plain(', '), it] : [it]))
    if (called.length === 0)
      return say('You need permission', [
        rich.plain(`Nobody has permission to use ${label} in ${namespace}. Whoever runs imagepull can grant it.`),
      ])
    return say(
      'You need permission',
      [rich.plain(`${label} in ${namespace} is for `), ...names, rich.plain('.')],
      button('ask-them', 'Ask them', offer),
    )
  },
  scopeMissing: () =>
    say("I can't tell who you are", [
      rich.plain(
        "I can't tell who you are, because this app lacks the scope users:read. Whoever runs imagepull can grant it.",
      ),
    ]),
  notHere: () =>
    say('Not in this channel', [
      rich.plain(
        'Actions in this cluster and namespace are not enabled in this channel. Whoever runs imagepull can enable them.',
      ),
    ]),
  noLonger: (label: string, incident: string) =>
    say(
      'No longer available',
      [rich.plain(`${label} is no longer available because the situation changed. See the latest findings.`)],
      button('check-again', 'Check again', incident),
    ),
  tooLate: () => say('Too late', [rich.plain('This request was already decided, or it has expired.')]),
} as const

function say(notification: string, line: Line, actions?: ActionsBlock): Message {
  const blocks = [rich.block(rich.section(...line))]
  return { text: notification, blocks: actions ? [...blocks, actions] : blocks }
}

function button(action: string, label: string, value: string): ActionsBlock {
  const text = { type: 'plain_text' as const, text: label }
  return { type: 'actions', elements: [{ type: 'button', action_id: `imagepull:${action}`, text, value }] }
}

function ago(seconds: number): string {
  return seconds < 90 ? `${Math.max(0, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`
}
