import type { Observation } from '../../../diagnosis/observation.ts'
import { diffOf, type Change as Edit } from '../../../gitops/diff-of.ts'
import type { GitFile } from '../../../gitops/file-of.ts'
import { type Text, text } from '../../../text.ts'
import type { Remedy } from '../finding.ts'

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
      title: text`${why}: ${of.path} has it already, so the cluster is behind Git: look why it was not applied`,
    }
  return { kind: 'action', title: text`${why}: in ${of.path}, ${wordsOf(edit)} (no diff: ${diff.because})` }
}

function wordsOf(edit: Edit): Text {
  if (edit.field === 'image') return text`give container ${edit.container} the image ${edit.to}`
  return text`add ${edit.add} to its imagePullSecrets`
}
