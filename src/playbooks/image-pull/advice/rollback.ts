import { kinds } from '../../../messages/kinds.ts'
import { text } from '../../../text.ts'
import type { Change } from '../change.ts'
import type { Remedy } from '../finding.ts'
import { hostOf } from '../host-of.ts'
import type { ContainerPull } from '../pull.ts'

/** Causes that pass by themselves: there is nothing to go back from. */
const passing: ReadonlySet<string> = new Set(['stale-backoff', 'build-running', 'pull-stalled', 'pulls-throttled'])

/** Where the image before can still be pulled, going back to it comes first: it helps at once, whatever the cause. */
export function rollback(
  cause: string,
  change: Change | undefined,
  pull: ContainerPull,
  { namespace, owner }: { readonly namespace: string; readonly owner: string },
): readonly Remedy[] {
  if (!change?.stillPulls || passing.has(cause) || meetsTheSame(change, pull)) return []
  const { imageBefore, container, revisionBefore } = change
  return [
    {
      kind: 'action',
      title: text`Roll back in Git: give container ${container} its image before, ${imageBefore}, which the registry still has`,
    },
    {
      kind: 'command',
      title: text`Or, where Git does not undo it again, by hand`,
      argv: ['kubectl', '-n', namespace, 'rollout', 'undo', owner, `--to-revision=${revisionBefore}`],
    },
  ]
}

/** The way to the same registry is no better for another image of it. */
function meetsTheSame({ imageBefore, imageNow }: Change, { said }: ContainerPull): boolean {
  const kind = said?.reading.kind
  const at = kind ? kinds[kind].at : 'nowhere'
  if (at === 'node') return true
  return (at === 'way' || at === 'limit') && hostOf(imageBefore) === hostOf(imageNow)
}
