import type { ActionsBlock, ContainerBlock, KnownBlock, RichTextElement } from '@slack/types'
import type { ActionEntry } from '../../incidents/incident.ts'
import { redact } from '../../secret.ts'
import { plain, visible } from '../../text.ts'
import { rich } from './elements.ts'
import type { FindingsForm } from './findings.ts'
import { type Mark, marks } from './headline.ts'
import { confirmation } from './offers.ts'
import { type PlanForm, taskBlocks } from './progress.ts'

type State = ActionEntry['state']

export interface ActionForm {
  readonly plan: PlanForm
  readonly details: FindingsForm['details']
}

const stateMarks: Readonly<Record<State, Mark>> = {
  asked: 'working',
  approved: 'working',
  running: 'working',
  done: 'fixed',
  failed: 'down',
  refused: 'gone',
  declined: 'gone',
  expired: 'gone',
}

/** Characters of a document and of a log line; numbers of log lines and of mentions. Nobody reads more in a thread. */
const limits = { document: 2_800, line: 200, lines: 10, mentions: 5 } as const

/** An action that somebody started or asked for: one reply, edited as it goes on. Its first block is always rich text. */
export function actionBlocks(entry: ActionEntry, { plan, details }: ActionForm): KnownBlock[] {
  const { steps, lines = [], document, state } = entry
  const log = lines.slice(-limits.lines).map((line) => visible(redact(line)).slice(0, limits.line))
  return [
    rich.block(
      rich.section(...headline(entry), ...more(entry)),
      ...(document ? [rich.preformatted(redact(document.content).slice(0, limits.document))] : []),
      ...(log.length > 0 && details === 'window' ? [rich.preformatted(log.join('\n'))] : []),
    ),
    ...(steps.length > 1 ? taskBlocks(entry.label, steps, plan) : []),
    ...(log.length > 0 && details === 'container' ? [lastLines(log)] : []),
    ...(state === 'asked' ? [answers(entry)] : []),
  ]
}

function headline({ state, label, by, askedBy, whoMay }: ActionEntry): readonly RichTextElement[] {
  const mark = rich.plain(`${marks[stateMarks[state]]} `)
  if (state === 'asked' && askedBy) {
    const called = [...(whoMay?.groups ?? []).map(rich.group), ...(whoMay?.users ?? []).map(rich.user)]
    const names = called.slice(0, limits.mentions).flatMap((it) => [it, rich.plain(' ')])
    return [mark, ...names, rich.user(askedBy.user), rich.plain(' asks for '), rich.bold(label), rich.plain('.')]
  }
  const person = by ?? askedBy
  const who = person ? [rich.plain(' · '), rich.user(person.user), rich.plain(' · '), rich.time(person.at)] : []
  return [mark, rich.bold(label), ...who]
}

/** The outcome, below the line that says who did it. */
function more({ state, says, reason, calls, steps }: ActionEntry): readonly RichTextElement[] {
  const line = (...words: readonly RichTextElement[]) => [rich.lineBreak, ...words]
  if (calls) return line(rich.group(calls.group), rich.plain(' '), ...rich.words(calls.summary))
  switch (state) {
    case 'asked':
      return line(rich.plain(says))
    case 'failed':
      return line(...(reason ? rich.words(reason, { bold: true }) : [rich.plain('The action failed.')]))
    case 'refused':
      return line(rich.plain('Not done. Nothing was changed. '), ...(reason ? rich.words(reason) : []))
    case 'declined':
      return line(rich.plain('Declined.'))
    case 'expired':
      return line(rich.plain('Nobody approved it in time.'))
    case 'done': {
      const [only, another] = steps
      return only?.result && !another ? line(...rich.words(only.result)) : []
    }
    default:
      return []
  }
}

function lastLines(log: readonly string[]): ContainerBlock {
  return {
    type: 'container',
    title: { type: 'plain_text', text: log.length === 1 ? 'Last line' : `Last ${log.length} lines` },
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [{ type: 'section', text: { type: 'plain_text', text: log.join('\n') } }],
  }
}

/** The buttons of the people who can approve. Others who press get a private reply. */
function answers({ id, label, says }: ActionEntry): ActionsBlock {
  const confirm = confirmation({ title: `Approve: ${plain({ parts: [label] })}?`, text: says, yes: 'Approve' })
  const button = (action: string, words: string) => ({
    type: 'button' as const,
    action_id: `imagepull:${action}`,
    text: { type: 'plain_text' as const, text: words },
    value: id,
  })
  return {
    type: 'actions',
    elements: [{ ...button('grant', 'Approve'), style: 'primary', confirm }, button('decline', 'Decline')],
  }
}
