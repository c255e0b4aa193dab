import type { ContainerBlock, TableBlock } from '@slack/types'
import type { AffectedWorkload, Incident } from '../../incidents/incident.ts'
import { visible } from '../../text.ts'
import { shorten } from './shorten.ts'

const shown = 10
const nameLimit = 60

/** Who is affected, those that are down first. undefined: only one workload, which the findings tell already. */
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
    child_blocks: [tableOf(workloads.slice(0, shown))],
  }
}

const head = ['Workload', 'Namespace', 'Ready', 'Stuck pods']

function tableOf(workloads: readonly AffectedWorkload[]): TableBlock {
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
