import type { ContainerBlock, SectionBlock } from '@slack/types'
import type { Incident } from '../../incidents/incident.ts'
import { redact } from '../../secret.ts'
import { plain } from '../../text.ts'
import { type DetailLine, type DetailPart, detailParts } from './detail-parts.ts'
import { shorten } from './shorten.ts'

/** https://docs.slack.dev/reference/block-kit/blocks/container-block: children; and characters that leave room for the rest. */
const limits = { children: 10, section: 1_000, all: 6_000, title: 150 } as const

/** The details under the findings, closed until somebody opens them. undefined: there are none. */
export function detailsContainer(incident: Incident): ContainerBlock | undefined {
  const parts = detailParts(incident)
  if (parts.length === 0) return undefined
  const each = Math.min(limits.section, Math.floor(limits.all / parts.length))
  return {
    type: 'container',
    title: { type: 'plain_text', text: shorten(titleOf(parts), limits.title) },
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: parts.slice(0, limits.children).map((part) => section(part, each)),
  }
}

/** `Evidence 9 · What to do 3 · Not looked at 1`. */
function titleOf(parts: readonly DetailPart[]): string {
  const told = new Set(['Evidence', 'What to do', 'Then verify', 'Not looked at'])
  const shown = parts.filter(({ title }) => told.has(title))
  return shown
    .map(({ title, lines }) => (title === 'Then verify' ? 'How to verify' : `${title} ${lines.length}`))
    .join(' · ')
}

// Plain text: what a cluster or a registry wrote cannot become markup. The container takes no rich text.
function section({ title, lines }: DetailPart, limit: number): SectionBlock {
  const whole = [title, ...lines.map(lineOf)].join('\n')
  return { type: 'section', text: { type: 'plain_text', text: cutAtLine(whole, limit) } }
}

function lineOf(line: DetailLine): string {
  return 'command' in line ? `    ${line.command.replaceAll('\n', '\n    ')}` : `• ${redact(plain(line.words))}`
}

function cutAtLine(whole: string, limit: number): string {
  if (whole.length <= limit) return whole
  const cut = whole.slice(0, limit - 20)
  const end = cut.lastIndexOf('\n')
  return `${end > limit / 2 ? cut.slice(0, end) : cut}\n… more in Details`
}
