const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const long = (length: number): string => 'x'.repeat(length)
const plain = (text: string) => ({ type: 'plain_text', text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const button = (more: object = {}) => ({ type: 'button', text: plain('Check again'), action_id: 'again', ...more })
const actions = (...elements: object[]) => ({ type: 'actions', elements })
const section = (more: object = {}) => ({ type: 'section', text: mrkdwn('why'), ...more })
const says = (...elements: object[]) => ({ type: 'rich_text_section', elements })
const rich = (...elements: object[]) => ({ type: 'rich_text', elements })
const word = (text = 'never built', style?: object) => ({ type: 'text', text, ...(style && { style }) })
const option = (value: string, more: object = {}) => ({ text: plain(value), value, ...more })
const task = (more: object = {}) => ({
  type: 'task_card',
  task_id: 'pod',
  title: 'Reading the pod',
  status: 'complete',
  ...more,
})
const container = (more: object = {}) => ({
  type: 'container',
  title: plain('Evidence'),
  child_blocks: [section()],
  ...more,
})
const cell = (text = '1') => ({ type: 'raw_text', text })
const dataTable = (more: object = {}) => ({ type: 'data_table', caption: 'Pods', rows: [[cell()], [cell()]], ...more })
const image = (more: object = {}) => ({ type: 'image', image_url: 'https://a.example/x.png', alt_text: 'x', ...more })
const feedback = { type: 'feedback_buttons', positive_button: option('yes'), negative_button: option('no') }
const input = (element: object) => ({ type: 'input', label: plain('Reason'), element })
const choose = (more: object) => actions({ type: 'static_select', action_id: 'pick', ...more })
const confirm = (more: object = {}) => ({ text: plain('Sure?'), ...more })

const everyInline = [
  word('bold', { bold: true, italic: true, strike: true, underline: true, code: true }),
  { type: 'link', url: 'https://a.example', text: 'a', unsafe: true },
  { type: 'emoji', name: 'red_circle', unicode: '1f534' },
  { type: 'user', user_id: 'U0MAYA0001' },
  { type: 'usergroup', usergroup_id: 'S0ONCALL01' },
  { type: 'channel', channel_id: 'C0INCIDENT' },
  { type: 'team', team_id: 'T0000000001' },
  { type: 'broadcast', range: 'here' },
  { type: 'color', value: '#1a2B3c' },
  { type: 'date', timestamp: 1_763_952_000, format: 'since {time}, {date_short_pretty}', fallback: '02:58 UTC' },
]

/** Blocks as the tests of the validator write them. */
export const slackBlocks = {
  many,
  long,
  plain,
  mrkdwn,
  button,
  actions,
  section,
  says,
  rich,
  word,
  option,
  task,
  container,
  cell,
  dataTable,
  image,
  feedback,
  input,
  choose,
  confirm,
  everyInline,
} as const
