import type { Observation } from '../../../diagnosis/observation.ts'
import type { GitFile } from '../../../gitops/file-of.ts'
import type { Manager } from '../../../gitops/manager-of.ts'
import { kinds } from '../../../messages/kinds.ts'
import { type Text, text } from '../../../text.ts'
import type { Change } from '../change.ts'
import type { Remedy } from '../finding.ts'
import type { ContainerPull } from '../pull.ts'
import { inGit } from './in-git.ts'
import { mayGoBack } from './may-go-back.ts'

/** Where the image before can still be pulled, going back to it comes first: it helps at once, whatever the cause. */
export function rollback(
  cause: string,
  change: Change | undefined,
  pull: ContainerPull,
  { namespace, owner, file, manager }: RollbackFacts,
): readonly Remedy[] {
  const kind = pull.said?.reading.kind
  if (!mayGoBack(cause, change, kind ? kinds[kind].at : 'nowhere')) return []
  const { imageBefore, imageNow, container, revisionBefore } = change
  const edit = { field: 'image', container, from: imageNow, to: imageBefore } as const
  const back = inGit(edit, text`Roll back in Git to the image before, which the registry still has`, file)
  const undone = undoneBy(manager)
  const byHand: Remedy = undone
    ? { kind: 'action', title: text`Not by hand: ${undone} would undo it` }
    : {
        kind: 'command',
        title: text`Or by hand, until Git says the same`,
        argv: ['kubectl', '-n', namespace, 'rollout', 'undo', owner, `--to-revision=${revisionBefore}`],
      }
  return [back, byHand]
}

interface RollbackFacts {
  readonly namespace: string
  readonly owner: string
  readonly file: Observation<GitFile>
  readonly manager: Manager | undefined
}

/** Who makes the cluster like Git again, and again. undefined: nobody who is seen. */
function undoneBy(manager: Manager | undefined): Text | undefined {
  if (manager?.tool !== 'argo-cd' && manager?.tool !== 'flux') return undefined
  const name = manager.application.name ? text` (${manager.application.name})` : text``
  return text`${manager.tool === 'flux' ? 'Flux' : 'Argo CD'}${name}`
}
