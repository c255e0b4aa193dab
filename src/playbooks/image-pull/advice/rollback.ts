import type { Observation } from '../../../diagnosis/check.ts'
import { diffOf, type Change as Edit } from '../../../gitops/diff.ts'
import type { GitFile } from '../../../gitops/files.ts'
import type { Manager } from '../../../gitops/manager.ts'
import { kinds, type Place } from '../../../messages/row.ts'
import { type Text, text } from '../../../text.ts'
import type { ImageChange } from '../change.ts'
import { referenceOf } from '../evidence/answers.ts'
import type { ContainerPull } from '../inputs.ts'
import type { Remedy } from '../model.ts'

/** Where the image before can still be pulled, going back to it comes first: it helps at once, whatever the cause. */
export function rollback(
  cause: string,
  change: ImageChange | undefined,
  pull: ContainerPull,
  { namespace, owner, file, manager }: RollbackFacts,
): readonly Remedy[] {
  const kind = pull.said?.reading.kind
  if (!mayGoBack(cause, change, kind ? kinds[kind].at : 'nowhere')) return []
  const { imageBefore, imageNow, container, revisionBefore } = change
  const edit = { field: 'image', container, from: imageNow, to: imageBefore } as const
  const back = inGit(edit, text`In Git, roll back to the previous image, which the registry still has`, file)
  const undone = undoneBy(manager)
  const byHand: Remedy = undone
    ? { kind: 'action', title: text`Do not roll back by hand: ${undone} would undo it` }
    : {
        kind: 'command',
        title: text`Or apply it by hand until Git is updated`,
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

/** Causes that pass by themselves: there is nothing to go back from. */
const passing: ReadonlySet<string> = new Set(['stale-backoff', 'build-running', 'pull-stalled', 'pulls-throttled'])

/** Whether the image before would be pulled where the image of now is not. `at`: where the failure happened. */
export function mayGoBack(cause: string, change: ImageChange | undefined, at: Place): change is ImageChange {
  return change?.stillPulls === true && !passing.has(cause) && !meetsTheSame(change, at)
}

/** The way to the same registry is no better for another image of it. */
function meetsTheSame({ imageBefore, imageNow }: ImageChange, at: Place): boolean {
  if (at === 'node') return true
  return (at === 'way' || at === 'limit') && referenceOf(imageBefore)?.host === referenceOf(imageNow)?.host
}

/** One change of the workload's manifest, as far as Git can be seen: a patch, the file, or only the words. */
export function inGit(edit: Edit, why: Text, file: Observation<GitFile>): Remedy {
  const words = wordsOf(edit)
  if (!file.known) return { kind: 'action', title: text`${why}: in Git, ${words}` }
  const of = file.value
  if (of.status === 'found') return inFile(of, edit, why)
  const [path] = of.paths
  if (of.status === 'several')
    return { kind: 'action', title: text`${why}: in Git, ${words} (${of.paths.join(' or ')})` }
  const where = of.status === 'expected' && path ? text`${path}` : text`Git`
  return { kind: 'action', title: text`${why}: in ${where}, ${words}` }
}

function inFile(of: Extract<GitFile, { status: 'found' }>, edit: Edit, why: Text): Remedy {
  const diff = diffOf(of, edit)
  if (diff.kind === 'patch')
    return { kind: 'patch', title: text`${why}: ${wordsOf(edit)}`, file: of.path, patch: diff.patch }
  if (diff.kind === 'unchanged')
    return {
      kind: 'action',
      title: text`${why}: ${of.path} already has it. Find out why it was not applied to the cluster`,
    }
  return { kind: 'action', title: text`${why}: in ${of.path}, ${wordsOf(edit)} (no diff: ${diff.because})` }
}

function wordsOf(edit: Edit): Text {
  if (edit.field === 'image') return text`set the image of container ${edit.container} to ${edit.to}`
  return text`add ${edit.add} to its imagePullSecrets`
}
