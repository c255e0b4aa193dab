import type { TextObject } from '@slack/types'
import { type ComponentChild, h } from 'preact'
import { Mrkdwn } from './mrkdwn.ts'
import { PlainText } from './plain-text.ts'

/** A composition object: plain text, or mrkdwn. */
export function Words({ of }: { readonly of: TextObject }): ComponentChild {
  if (of.type === 'mrkdwn') return h(Mrkdwn, { text: of.text, verbatim: of.verbatim })
  return h('span', { class: 'plain' }, h(PlainText, { text: of.text }))
}
