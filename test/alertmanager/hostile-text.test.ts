import { expect, test } from 'vitest'
import { parsePayload, readPayload } from '../../src/alertmanager/payload.ts'
import { postSchema, readPost, wordsOf } from '../../src/alertmanager/post.ts'
import type { AlertRules } from '../../src/alertmanager/rules.ts'
import { guessTarget } from '../../src/target/guess.ts'
import { parseTarget } from '../../src/target/parse.ts'
import { cpuTime } from '../support/cpu-time.ts'

const rules: AlertRules = {
  ...{ names: new Set(['KubePodNotReady', '*image*pull*', '*pull*image*']), reasons: new Set(['ErrImagePull']) },
  ...{ clusterLabel: 'cluster', clusters: new Set(['prod']), labels: [] },
  patterns: ['{cluster}-{namespace}-{pod} failed', 'Pod: {pod} in {namespace}'],
}
const place = { channel: 'C0INCIDENT', ts: '1763952000.000100' }
const now = new Date('2026-11-24T03:13:00Z')
const length = 200_000

/** Pieces that the readers know, and signs between them. */
const pieces = [
  ...[
    'a',
    '-',
    'a-',
    'a ',
    '/',
    'a/',
    '.',
    ':',
    '=',
    '<',
    '<a|',
    '&gt;',
    '*',
    '`',
    '_',
    '\n',
    'a\n',
    '(',
    ')',
    '{',
    '"',
    '|',
  ],
  ...[
    'pod: ',
    'pod ',
    'in ',
    'namespace=',
    'pod: a\n',
    'Pod a/b-1 ',
    'ns ',
    'name: ',
    'status: ',
    'a_',
    '5d9cf86b95-26kvf ',
  ],
  ...[
    '[FIRING:',
    'firing ',
    'resolved ',
    '1 ',
    'x 2 ',
    'image pull ',
    'image ',
    ':fire:',
    '\u001b[',
    'é',
    '0/1 ',
    '- ',
    '$ ',
  ],
  ...['Warning pod/a ', 'kubectl ', 'Deployment generation for ', ' ', '\t', ' / ', 'a: b: ', 'has been in a '],
]

/** Milliseconds of processor time; a reader whose time grows with the square of the length takes minutes. */
const most = 5_000

test.each(pieces)('200,000 characters of %j are read at once', (piece) => {
  const text = piece.repeat(length / piece.length)
  const readAll = () => {
    parseTarget(text, ['prod', 'eu', 'a'])
    parseTarget(text.slice(0, 10_000))
    guessTarget(text, ['prod', 'eu', 'a'])
    wordsOf(postSchema.parse({ text, blocks: [{ type: 'section', text: { text } }] }))
    readPost(
      postSchema.parse({ text: `KubePodNotReady ${text}`, attachments: [{ title: text, text }] }),
      place,
      now,
      rules,
    )
    const labels = { alertname: text, [text]: text, namespace: text, pod: text, severity: text, cluster: text }
    const parsed = parsePayload({ ruleName: text, state: 'alerting', evalMatches: [{ metric: text, tags: labels }] })
    if (parsed.valid) readPayload(parsed.payload, rules, now)
  }
  expect(cpuTime(readAll)).toBeLessThan(most)
})
