import type { KnownBlock } from '@slack/types'
import type { FailureRow } from '../../incidents/failure.ts'
import type { Summary } from '../../incidents/reconcile/summary.ts'
import { counted, plain, type Text, text } from '../../text.ts'
import { type DesiredMessage, desiredMessage } from '../thread/desired.ts'
import { rich, shorten, shortImage, when } from './elements.ts'

const limits = { rows: 10, label: 75, notification: 100 } as const

/** The failures that the bot found when it started: one post with a menu instead of a thread for each. */
export function summaryMessages(summary: Summary): readonly DesiredMessage[] {
  const { id, cluster, rows, more, at } = summary
  const count = counted(rows.length + more, 'image pull')
  const text_ = `${plain(count)} already failing when I started. ${shorten(cluster, 40)}`
  const shown = rows.slice(0, limits.rows)
  const rest = rows.length + more - shown.length
  const blocks: KnownBlock[] = [
    rich.block(
      rich.section(
        rich.bold(plain(text`${count} already failing in ${cluster}.`)),
        rich.plain(
          " They failed before I started, so I haven't opened threads for them. Pick one to investigate. An alert about one of them also opens a thread.",
        ),
      ),
      rich.bullets(shown.map((row) => rich.words(failureRowWords(row)))),
      ...(rest > 0 ? [rich.section(rich.plain(plain(text`and ${counted(rest, 'more image')}`)))] : []),
    ),
    {
      type: 'actions',
      elements: [
        {
          type: 'static_select',
          action_id: 'imagepull:choose',
          placeholder: { type: 'plain_text', text: 'Which one?' },
          options: rows.map(({ target }, index) => ({
            text: { type: 'plain_text', text: shorten(target, limits.label) },
            value: `${id} ${index}`,
          })),
        },
      ],
    },
    { type: 'context', elements: [{ type: 'mrkdwn', text: `first check ${when(at)}`, verbatim: true }] },
  ]
  return [desiredMessage('root', { text: text_.slice(0, limits.notification), blocks }, '', 0)]
}

/** `web:9.9 from registry.acme.io: 14 pods of 2 workloads`. */
export function failureRowWords({ image, host, pods, workloads }: FailureRow): Text {
  const of = workloads > 1 ? text` of ${counted(workloads, 'workload')}` : text``
  return text`${shortImage(image)} from ${host}: ${counted(pods, 'pod')}${of}`
}
