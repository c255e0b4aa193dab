import type { ActionsBlock, KnownBlock } from '@slack/types'
import type { Answer, Candidate } from '../incidents/asking/ask.ts'
import type { Overview, SilentCluster } from '../incidents/asking/overview.ts'
import { shell } from '../shell.ts'
import { counted, joinTexts, type Text, text } from '../text.ts'
import type { Message } from './api.ts'
import { rich, shorten } from './blocks/elements.ts'
import { failureRowWords } from './blocks/first-look.ts'

/** One button or option. https://docs.slack.dev/reference/block-kit/composition-objects/option-object/ */
interface Choice {
  readonly label: string
  /** An opaque id of at most 75 characters. The store keeps what it means. */
  readonly value: string
}

const limits = { notification: 100, label: 75, buttons: 5, options: 100, rows: 10 } as const

/** Every message that only one person sees, with its words: one entry a state. */
export const replies = {
  help: (command: string) =>
    say('How to ask', [
      text`Name a pod, and I'll find out why it can't pull its image:`,
      text`${`${command} my-app-5d9cf86b95-26kvf`}`,
      text`${`${command} -n shop deployment/my-app`}`,
      text`${`${command} @staging shop/my-app`} for one of several clusters`,
      text`${command} without a name lists all failing image pulls. Slack has no commands in threads: mention me there, or use the message shortcut.`,
    ]),
  notMember: (incident: string) =>
    say(
      "I can't post here yet",
      [text`I can't post here yet. Type ${'/invite @imagepull'}, then press Continue.`],
      buttons('continue', [{ label: 'Continue', value: incident }]),
    ),
  channelNotListed: (channels: readonly string[]) => ({
    text: 'Not enabled in this channel',
    blocks: [
      rich.block(
        rich.section(
          rich.plain("I'm not enabled in this channel. "),
          ...(channels.length > 0
            ? [rich.plain('Use '), ...channelLinks(channels), rich.plain(', or ask')]
            : [rich.plain('Ask')]),
          rich.plain(' whoever runs imagepull to add this channel.'),
        ),
      ),
    ],
  }),
  sharedChannel: () =>
    say('This channel is shared', [
      text`This channel is shared with another organisation, so I don't post here. Whoever runs imagepull can allow it.`,
    ]),
  archived: () =>
    say('This channel is archived', [text`This channel is archived, so I can't post here. Ask in another channel.`]),
  cannotPost: (code: string) => say("I can't post here", [text`I can't post here. Slack answered: ${code}.`]),
  outsider: () =>
    say('Only for members', [
      text`Guests and people from other organisations can read here, but can't use the buttons.`,
    ]),
  stranger: () =>
    say('Only for members', [text`People from other organisations can read here, but can't ask me anything.`]),
  unknownPerson: () =>
    say("I can't tell who you are", [
      text`Slack can't tell me who you are at the moment, so I can't let you do that. Try again in a minute.`,
    ]),
  tooOften: (seconds: number) =>
    say('You checked this just now', [
      text`You asked for this check just now. The thread has the newest result. You can check again in ${seconds} s.`,
    ]),
  opened: () => say('On it', [text`On it. I've opened a thread in this channel.`]),
  openAlready: (link: string | undefined) => ({
    text: 'Already open',
    blocks: [
      rich.block(
        rich.section(
          rich.plain('Already open: '),
          link ? rich.link(link, 'the thread') : rich.plain('its thread will appear in a moment'),
          rich.plain(". I'm checking it again now."),
        ),
      ),
    ],
  }),
  openElsewhere: () =>
    say('Answered elsewhere', [text`This is answered in another channel. A short post here shows the state.`]),
  invalid: (reason: string) => say("I don't understand that", [text`${reason}`]),
  unknownCluster: (named: string, known: readonly string[]) =>
    say('Unknown cluster', [
      named
        ? text`There is no cluster ${named} in this channel. I know: ${known.join(', ') || 'none'}.`
        : text`No cluster is enabled for this channel.`,
    ]),
  hiddenNamespace: (namespace: string | undefined) =>
    say('Not enabled here', [
      namespace === undefined
        ? text`I found nothing with that name that I may show in this channel. Ask in its team's channel.`
        : text`Namespace ${namespace} is not enabled in this channel. Ask in its team's channel.`,
    ]),
  notFound: (
    { name, clusters, candidates, unseen, silent }: Extract<Answer, { answer: 'not-found' }>,
    request: string,
  ) =>
    say(
      'No such pod',
      [
        text`No pod ${name} in ${clusters.join(', ')}.${candidates.length > 0 ? text` Did you mean one of these?` : text``}`,
        ...(unseen.length > 0 ? [text`I can't see ${unseen.join(', ')}.`] : []),
        ...silentWords(silent),
      ],
      choices(candidates, request),
    ),
  several: ({ candidates, silent }: Extract<Answer, { answer: 'several' }>, request: string) =>
    say(
      'Which one?',
      [text`Several targets match. Which one do you mean?`, ...silentWords(silent)],
      choices(candidates, request),
    ),
  silent: (silent: readonly SilentCluster[]) => say('The cluster does not answer', silentWords(silent)),
  notFailing: (target: string, note: Text, playbook: string | undefined) =>
    say('Not a pull problem', [
      text`${target}: ${note}`,
      ...(playbook ? [text`The playbook for it is ${playbook}.`] : []),
    ]),
  overview: ({ overview, silent }: Extract<Answer, { answer: 'overview' }>, request: string) =>
    say(
      overview.some(({ rows }) => rows.length > 0) ? 'Failing image pulls' : 'No failing image pulls',
      [...overview.flatMap(overviewWords), ...silentWords(silent)],
      pick(
        overview.flatMap(({ cluster, rows }) => rows.map(({ target }) => ({ cluster, target }))),
        request,
      ),
    ),
  cannotStart: (why: string, pod: string | undefined) =>
    say("I can't start a check now", [
      text`I can't start a check now (${why}). To check it yourself, run:`,
      text`${shell({ argv: ['kubectl', 'describe', 'pod', ...(pod ? [pod] : ['NAME', '-n', 'NAMESPACE'])] })}`,
    ]),
  checkingAgain: () => say('Checking again', [text`I'm checking again now. The result will appear in the thread.`]),
  oldButton: (incident: string | undefined) =>
    say(
      'This button is old',
      [text`This button is out of date and no longer does anything.`],
      incident ? buttons('check-anew', [{ label: 'Check again', value: incident }]) : undefined,
    ),
  unknownIncident: () =>
    say('This incident is too old', [
      text`I no longer have this incident, because I keep incidents for a limited time. Ask again with the pod's name.`,
    ]),
  postTo: (request: string, channels: readonly { readonly id: string; readonly name: string }[]) => {
    const options = channels.slice(0, limits.options).map(({ id, name }) => option(`#${name}`, `${request} ${id}`))
    return options.length > 0 ? menu('post-to', 'Post to a channel', options) : undefined
  },
} as const

/** Builds a reply from a few lines and, below them, its buttons or menu. */
function say(notification: string, lines: readonly Text[], actions?: ActionsBlock): Message {
  const text = notification.slice(0, limits.notification)
  const sections = lines.map((line) => rich.section(...rich.words(line)))
  const blocks: KnownBlock[] = [rich.block(...(sections.length > 0 ? sections : [rich.section(rich.plain(text))]))]
  return { text, blocks: actions ? [...blocks, actions] : blocks }
}

function channelLinks(channels: readonly string[]) {
  return channels
    .slice(0, limits.buttons)
    .flatMap((channel_id, index) => [
      ...(index > 0 ? [rich.plain(', ')] : []),
      { type: 'channel' as const, channel_id },
    ])
}

function silentWords(silent: readonly SilentCluster[]): readonly Text[] {
  return silent.map(({ cluster, reason }) => text`${cluster}: ${reason}.`)
}

function buttons(action: string, of: readonly Choice[]): ActionsBlock {
  return {
    type: 'actions',
    elements: of.slice(0, limits.buttons).map(({ label, value }, index) => ({
      type: 'button',
      action_id: index === 0 ? `imagepull:${action}` : `imagepull:${action}:${index}`,
      text: { type: 'plain_text', text: shorten(label, limits.label) },
      value,
    })),
  }
}

/** The request's record keeps the candidates in this order. */
function choices(candidates: readonly Candidate[], request: string): ActionsBlock | undefined {
  const of = labelled(candidates, request)
  return of.length > 0 ? buttons('choose', of) : undefined
}

function pick(candidates: readonly Candidate[], request: string): ActionsBlock | undefined {
  const of = labelled(candidates, request).slice(0, limits.options)
  return of.length > 0
    ? menu(
        'choose',
        'Which one?',
        of.map(({ label, value }) => option(label, value)),
      )
    : undefined
}

function labelled(candidates: readonly Candidate[], request: string): readonly Choice[] {
  const several = new Set(candidates.map(({ cluster }) => cluster)).size > 1
  return candidates.map(({ cluster, target }, index) => ({
    label: several ? `@${cluster} ${target}` : target,
    value: `${request} ${index}`,
  }))
}

function option(label: string, value: string) {
  return { text: { type: 'plain_text' as const, text: shorten(label, limits.label) }, value }
}

function menu(action: string, placeholder: string, options: ReturnType<typeof option>[]): ActionsBlock {
  const text = { type: 'plain_text' as const, text: placeholder }
  return {
    type: 'actions',
    elements: [{ type: 'static_select', action_id: `imagepull:${action}`, placeholder: text, options }],
  }
}

function overviewWords({ cluster, rows, pods, namespaces, unseen }: Overview): readonly Text[] {
  const looked = [
    ...(pods === undefined ? [] : [counted(pods, 'pod')]),
    ...(namespaces === undefined ? [] : [counted(namespaces, 'namespace')]),
  ]
  const of = looked.length > 0 ? text`: ${joinTexts(looked, ' in ')}` : text``
  const hidden = unseen.length > 0 ? text` I can't see ${unseen.join(', ')}.` : text``
  if (rows.length === 0) return [text`No failing image pulls in ${cluster}${of}.${hidden}`]
  const lines = rows.slice(0, limits.rows).map(failureRowWords)
  const more = rows.length - lines.length
  return [
    text`Failing image pulls in ${cluster}:`,
    ...lines,
    ...(more > 0 ? [text`and ${counted(more, 'more image')}`] : []),
    ...(unseen.length > 0 ? [hidden] : []),
  ]
}
