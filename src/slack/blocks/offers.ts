import type { ActionsBlock, Button, ConfirmationDialog, ContainerBlock, TableBlock } from '@slack/types'
import type { AffectedWorkload, Incident, Offer } from '../../incidents/incident.ts'
import { visible } from '../../text.ts'
import { shorten } from './elements.ts'

/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object/ and …/button-element/ */
const limits = { title: 100, text: 300, word: 30, label: 75 } as const
/** More buttons than this confuse a tired reader. */
const mostButtons = 3
/** The actions in the menu: they do not change the cluster, and each asks in a window first. */
const forMenu: ReadonlySet<string> = new Set(['escalate', 'mute'])

/** The buttons under the findings: the best action first, and a menu with nothing dangerous in it. */
export function offerButtons(
  { id, offers }: Pick<Incident, 'id' | 'offers'>,
  details: 'container' | 'window',
): ActionsBlock {
  const more = details === 'window' ? [button('details', 'Details', id)] : []
  const shown = offers.offered.filter(({ place }) => place !== 'menu').slice(0, mostButtons - 1 - more.length)
  const first = shown.some(({ place }) => place === 'primary')
  const again = button('check-again', 'Check again', id)
  return {
    type: 'actions',
    elements: [
      ...shown.toSorted((a, b) => rank(a) - rank(b)).map(offerButton),
      first ? again : { ...again, style: 'primary' },
      ...more,
      {
        type: 'overflow',
        action_id: 'imagepull:more',
        options: [
          option('All details', `details ${id}`),
          ...offers.offered
            .filter((it) => forMenu.has(it.action) && !shown.includes(it))
            .map((it) => option(`${it.label} …`, `${it.action} ${it.id}`)),
          option('Verdict is wrong', `verdict-is-wrong ${id}`),
        ],
      },
    ],
  }
}

function rank({ place }: Offer): number {
  return place === 'primary' ? 0 : 1
}

function offerButton({ id, action, label, place, confirm }: Offer): Button {
  return {
    ...button(action, label, id),
    ...(place === 'primary' && { style: 'primary' as const }),
    confirm: confirmation(confirm),
  }
}

/** The confirmation of an action, in plain text, so that names in it cannot become markup. */
export function confirmation({ title, text, yes }: Offer['confirm']): ConfirmationDialog {
  return {
    title: plainText(title, limits.title),
    text: plainText(text, limits.text),
    confirm: plainText(yes, limits.word),
    deny: plainText('Not now', limits.word),
  }
}

function plainText(words: string, limit: number) {
  const shown = visible(words)
  return { type: 'plain_text' as const, text: shown.length <= limit ? shown : `${shown.slice(0, limit - 1)}…` }
}

function button(action: string, label: string, value: string): Button {
  return {
    type: 'button',
    action_id: `imagepull:${action}`,
    text: { type: 'plain_text', text: shorten(visible(label), limits.label) },
    value,
  }
}

function option(words: string, value: string) {
  return { text: { type: 'plain_text' as const, text: words }, value }
}

const shown = 10
const nameLimit = 60

/** The affected workloads. undefined: there is only one, which the findings name already. */
export function affectedTable({ affected }: Incident): ContainerBlock | undefined {
  const { workloads, more } = affected
  const count = workloads.length + more
  if (count < 2) return undefined
  const title = count > shown ? `Affected: the first ${shown} of ${count}` : `Affected: ${count} workloads`
  return {
    type: 'container',
    title: { type: 'plain_text', text: title },
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [toTable(workloads.slice(0, shown))],
  }
}

const head = ['Workload', 'Namespace', 'Ready', 'Stuck pods']

function toTable(workloads: readonly AffectedWorkload[]): TableBlock {
  const rows = workloads.map(({ kind, name, namespace, impact, ready, desired, failing, state }) => [
    `${impact === 'down' && state === 'failing' ? 'DOWN ' : ''}${kind} ${shorten(name, nameLimit)}`,
    shorten(namespace, nameLimit),
    desired > 0 ? `${ready} of ${desired}` : '-',
    state === 'failing' ? String(failing) : state,
  ])
  return {
    type: 'table',
    rows: [head, ...rows].map((row) => row.map((cell) => ({ type: 'raw_text' as const, text: visible(cell) }))),
  }
}
