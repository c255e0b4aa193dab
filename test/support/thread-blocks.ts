import type { KnownBlock, ModalView, RichTextBlock, RichTextSection } from '@slack/types'

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text })
const word = (text: string, style?: { bold?: true; italic?: true; code?: true }) => ({
  type: 'text' as const,
  text,
  ...(style && { style }),
})
const bold = (text: string) => word(text, { bold: true })
const code = (text: string) => word(text, { code: true })
const line = (...elements: RichTextSection['elements']): RichTextSection => ({ type: 'rich_text_section', elements })
const rich = (...elements: RichTextBlock['elements']): RichTextBlock => ({ type: 'rich_text', elements })
const clock = (timestamp: number) => ({
  type: 'date' as const,
  timestamp,
  format: '{time}',
  fallback: new Date(timestamp * 1_000).toISOString().slice(11, 16),
})
const image = '10.43.170.72:5000/cortex-chat-backend-simple:latest'

const states = {
  down: ['red_circle', 'DOWN · cortex-chat-backend-simple: image never built'],
  fixed: ['white_check_mark', 'FIXED · cortex-chat-backend-simple'],
} as const

/** The first post of an incident, down or fixed. */
function root(state: keyof typeof states, since: number): KnownBlock[] {
  const [emoji, title] = states[state]
  const facts =
    state === 'down'
      ? [word('\n0 of 1 ready since '), clock(since), word(' · prod-eu / cortex-chat')]
      : [word('\n1 of 1 ready · down 21 min, '), clock(since), word(' to '), clock(since + 1_260)]
  return [
    rich(line({ type: 'emoji', name: emoji }, word(' '), bold(title), ...facts)),
    {
      type: 'context',
      elements: [mrkdwn(`Waiting for a decision · incident 7Q4 · checked <!date^${since + 960}^{time}|03:14 UTC>`)],
    },
  ]
}

const steps = ['Reading the pod', 'Asking the registry', 'Looking for its build', 'Reading pull secrets'] as const
const ends = [': ImagePullBackOff, 16 min', ': 404', ': none', ': not allowed'] as const

/** A plan of which so many of its four steps are done; the last one fails. */
function plan(done: number): KnownBlock[] {
  const title =
    done < steps.length ? 'Checking cortex-chat-backend-simple' : 'Checked 14 things in 2.8 s, 1 not possible'
  const tasks = steps.map((step, index) => ({
    type: 'task_card' as const,
    task_id: `step-${index}`,
    title: index < done ? `${step}${ends[index]}` : step,
    status: statusOf(index, done),
    ...(index === 3 && done > 3 && { details: rich(line(code('get secrets'), word(' in cortex-chat'))) }),
  }))
  return [{ type: 'plan', title, tasks }]
}

function statusOf(index: number, done: number): 'pending' | 'in_progress' | 'complete' | 'error' {
  if (index === done) return 'in_progress'
  if (index > done) return 'pending'
  return index === 3 ? 'error' : 'complete'
}

const rerunQuestion = {
  title: plain('Rerun this build?'),
  text: mrkdwn(
    'Creates a copy of Job `cortex-chat/backend-build` in *prod-eu*. It builds from the same source and pushes `cortex-chat-backend-simple:latest`. The old log is kept. Takes about 3 min (last run).',
  ),
  confirm: plain('Rerun build'),
  deny: plain('Not now'),
}

/** What was found: verdict, why, what to do now. */
function findings(user: string, since: number): KnownBlock[] {
  return [
    rich(
      line(
        { type: 'user', user_id: user },
        word(' '),
        bold('Image never built.'),
        word(' '),
        code(image),
        word(' is not in the registry, and nothing in this cluster builds it ('),
        bold('proven'),
        word(').'),
      ),
      line(bold('Impact: '), word('no pod serves; it never ran, so there is nothing to roll back to.')),
      line(bold('Why')),
      {
        type: 'rich_text_list',
        style: 'bullet',
        elements: [
          line(word('the registry said '), code('404 NAME_UNKNOWN'), word(', '), clock(since + 960)),
          line(word('nearest of 6 repositories: '), code('cortex-chat-backend')),
          line(word('none of 23 build Jobs, CronJobs and build pods pushes it')),
        ],
      },
      line(bold('Do now: '), word('commit a build Job, or see what the registry has:')),
      {
        type: 'rich_text_preformatted',
        elements: [word('curl -s http://10.43.170.72:5000/v2/_catalog | jq .repositories')],
      },
    ),
  ]
}

const buttons: KnownBlock = {
  type: 'actions',
  block_id: 'decide',
  elements: [
    {
      type: 'button',
      action_id: 'imagepull:rerun',
      text: plain('Rerun build'),
      style: 'primary',
      value: '7Q4',
      confirm: rerunQuestion,
    },
    { type: 'button', action_id: 'imagepull:again', text: plain('Check again'), value: '7Q4' },
    {
      type: 'overflow',
      action_id: 'imagepull:more',
      options: [
        { text: plain('Mute 1 h'), value: 'mute' },
        { text: plain('Escalate'), value: 'escalate' },
        { text: plain('Verdict is wrong'), value: 'wrong' },
      ],
    },
  ],
}

/** What is folded away below the findings. */
function details(): KnownBlock[] {
  return [
    {
      type: 'container',
      title: plain('Evidence 9'),
      subtitle: plain('kubelet’s words · how to verify · not checked 1'),
      is_collapsible: true,
      default_collapsed: true,
      child_blocks: [
        {
          type: 'section',
          text: mrkdwn('*Kubelet’s words*\n```Failed to pull image "cortex-chat-backend-simple": not found```'),
        },
        { type: 'divider' },
        {
          type: 'table',
          column_settings: [{ is_wrapped: true }, { align: 'left' }, { align: 'right' }],
          rows: [
            ['Seen', 'Certainty', 'ms'],
            ['registry says 404 NAME_UNKNOWN', 'proven', '41'],
            ['none of 23 builds pushes it', 'proven', '112'],
            ['nearest name: cortex-chat-backend', 'likely', '3'],
          ].map((row) => row.map((text) => ({ type: 'raw_text' as const, text }))),
        },
      ],
    },
    { type: 'context', elements: [mrkdwn('imagepull 0.1.0 · 13 requests to the API server, 9 to the registry')] },
  ]
}

/** With an input that must be filled in, one that may be, and words above. */
const wrongVerdict: ModalView = {
  type: 'modal',
  callback_id: 'imagepull:wrong',
  title: plain('Verdict is wrong'),
  submit: plain('Send'),
  close: plain('Cancel'),
  notify_on_close: true,
  blocks: [
    { type: 'alert', level: 'info', text: mrkdwn('Incident *7Q4* stays open.') },
    rich(line(word('What was found: '), bold('image never built'), word('.'))),
    {
      type: 'input',
      block_id: 'cause',
      label: plain('What is it instead?'),
      element: {
        type: 'static_select',
        action_id: 'cause',
        placeholder: plain('Choose a cause'),
        options: ['Tag missing', 'Build failed', 'Something else'].map((text) => ({ text: plain(text), value: text })),
      },
    },
    {
      type: 'input',
      block_id: 'why',
      label: plain('How do you know?'),
      hint: plain('It is kept with the incident.'),
      element: { type: 'plain_text_input', action_id: 'why', multiline: true, max_length: 300 },
    },
    {
      type: 'input',
      block_id: 'tell',
      optional: true,
      label: plain('Tell'),
      element: {
        type: 'checkboxes',
        action_id: 'tell',
        options: [{ text: plain('@platform-oncall'), value: 'oncall', description: plain('They are called at once') }],
      },
    },
  ],
}

/** Lies on the other one. */
const somethingElse: ModalView = {
  type: 'modal',
  callback_id: 'imagepull:else',
  title: plain('Something else'),
  submit: plain('Send'),
  blocks: [{ type: 'section', text: plain('This goes to the people who make imagepull.') }],
}

/** The thread of an incident, as imagepull writes it: every kind of block that it uses. */
export const threadBlocks = {
  plain,
  mrkdwn,
  root,
  plan,
  findings,
  buttons,
  details,
  wrongVerdict,
  somethingElse,
} as const
