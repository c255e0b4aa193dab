import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff'
import { isMap, type YAMLMap } from 'yaml'
import { isKubernetesName } from '../kubernetes/resources.ts'
import { type Text, text } from '../text.ts'
import { type FoundDocument, parseManifest, type ShownText } from './documents.ts'
import { type Edit, editImage, editPullSecrets } from './edits.ts'

/** One field of the pod that a manifest describes. */
export type Change =
  /** `from`: the image in the cluster. If Git has another one, this file does not decide what runs. */
  | { readonly field: 'image'; readonly container: string; readonly from: string; readonly to: string }
  | { readonly field: 'imagePullSecrets'; readonly add: string }

export type Diff =
  /** Unified, from `a/` to `b/`. */
  | { readonly kind: 'patch'; readonly patch: string }
  /** Git already has the change; the cluster does not yet. */
  | { readonly kind: 'unchanged' }
  /** `because` completes a sentence that begins with the file. */
  | { readonly kind: 'refused'; readonly because: Text }

/** Returns the change to the file in Git. Everything else in the file stays as it is written, comments and quotes included. */
export function diffOf({ path, line, shown }: FoundDocument & { readonly path: string }, change: Change): Diff {
  if (!shown) return { kind: 'refused', because: text`it is a Secret, and imagepull does not show Secrets` }
  const edit = editOf(shown.text, change)
  if (edit === undefined) return { kind: 'unchanged' }
  if (!('start' in edit)) return { kind: 'refused', because: edit }
  const hunk = hunkOf(shown, edit)
  return hunk
    ? { kind: 'patch', patch: patchOf(path, line, hunk) }
    : { kind: 'refused', because: text`the line to change also holds a value that imagepull does not show` }
}

function editOf(source: string, change: Change): Edit | Text | undefined {
  const parent = podParent(source)
  const podSpec = parent?.get('spec')
  if (!parent || !isMap(podSpec)) return text`it contains no pod that imagepull can read`
  if (change.field === 'image') return editImage(podSpec, change.container, change.from, change.to)
  if (!isKubernetesName(change.add)) return text`${change.add} is not a valid name of a Secret`
  return editPullSecrets(source, parent, podSpec, change.add)
}

/** Returns the node that holds the pod's `spec`: the pod itself, or the template of its owner. */
function podParent(source: string): YAMLMap | undefined {
  const document = parseManifest(source)
  const owners = [
    ['spec', 'jobTemplate', 'spec', 'template'],
    ['spec', 'template'],
  ]
  const template = owners.map((path) => document?.getIn(path)).find((it) => isMap(it))
  if (template) return template
  return isMap(document?.contents) && document.get('kind') === 'Pod' ? document.contents : undefined
}

const contextLines = 3

interface Hunk {
  /** Lines of the document before it. */
  readonly first: number
  readonly before: string
  readonly after: string
}

/**
 * Context ends before a hidden line, because every line of a patch must be in the file as it is. If no context is left,
 * `patch` applies the patch, and `git apply` needs --unidiff-zero. undefined: the change would touch a hidden line.
 */
function hunkOf({ text: source, hidden }: ShownText, { start, end, text: inserted }: Edit): Hunk | undefined {
  const lines = source.split(/(?<=\n)/)
  const [from, to] = changedLines(lines, start, end)
  if (hidden.some((line) => line > from && line <= to)) return undefined
  const isHidden = (index: number): boolean => hidden.includes(index + 1)
  let first = from
  while (first > Math.max(0, from - contextLines) && !isHidden(first - 1)) first -= 1
  let last = to
  while (last < Math.min(lines.length, to + contextLines) && !isHidden(last)) last += 1
  const offset = lines.slice(0, first).join('').length
  const before = lines.slice(first, last).join('')
  return { first, before, after: before.slice(0, start - offset) + inserted + before.slice(end - offset) }
}

/** The lines that an edit touches, as a half-open range: empty where it inserts whole lines. */
function changedLines(lines: readonly string[], start: number, end: number): readonly [from: number, to: number] {
  let offset = 0
  const starts = lines.map((line) => {
    offset += line.length
    return offset - line.length
  })
  const from = starts.findLastIndex((it) => it <= start)
  return starts[from] === start && start === end ? [from, from] : [from, from + 1]
}

function patchOf(path: string, line: number, { first, before, after }: Hunk): string {
  const patch = structuredPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
    context: contextLines,
  })
  const shift = line - 1 + first
  const hunks = patch.hunks.map((it) => ({ ...it, oldStart: it.oldStart + shift, newStart: it.newStart + shift }))
  return formatPatch({ ...patch, hunks }, FILE_HEADERS_ONLY)
}
