import { isMap, isScalar, isSeq, Scalar, stringify, type YAMLMap, type YAMLSeq } from 'yaml'
import { type Text, text } from '../text.ts'

/** Replaces the characters of a text from `start` up to `end`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Replaces the image of a container in place, with the same quotes. undefined: the file already has it. Text: why not. */
export function editImage(podSpec: YAMLMap, container: string, from: string, to: string): Edit | Text | undefined {
  const image = containers(podSpec)
    .find((it) => it.get('name') === container)
    ?.get('image', true)
  if (!isScalar(image) || !image.range) return text`it sets no image for the container ${container}`
  if (image.value === to) return undefined
  if (image.value !== from) return text`it has ${String(image.value)}, but the cluster has ${from}`
  if (image.anchor) return text`its image is a YAML anchor that other fields share`
  if (!/^\w(?:[\w./:@-]{0,1022}\w)?$/.test(to)) return text`${to} is not a valid image`
  const [start, end] = image.range
  if (image.type === Scalar.QUOTE_SINGLE) return { start, end, text: `'${to}'` }
  if (image.type === Scalar.QUOTE_DOUBLE) return { start, end, text: `"${to}"` }
  // The library adds quotes to a value that would be read as a number.
  return image.type === Scalar.PLAIN
    ? { start, end, text: stringify(to).trim() }
    : text`its image is a YAML block scalar`
}

function containers(podSpec: YAMLMap): readonly YAMLMap[] {
  const lists = ['initContainers', 'containers'].map((key) => podSpec.get(key))
  return lists.flatMap((list) => (isSeq(list) ? list.items.filter((it) => isMap(it)) : []))
}

/**
 * Adds a name to the imagePullSecrets of a pod, in the style of the file. `parent` holds the pod's spec under the key `spec`.
 * undefined: the name is already there. Text: why the file cannot be edited.
 */
export function editPullSecrets(
  source: string,
  parent: YAMLMap,
  podSpec: YAMLMap,
  secret: string,
): Edit | Text | undefined {
  const name = stringify(secret).trim()
  const list = podSpec.get('imagePullSecrets')
  if (list === undefined) return firstEntry(source, parent, podSpec, name)
  if (!isSeq(list) || !list.range) return text`its imagePullSecrets are not a list`
  if (list.items.some((it) => isMap(it) && it.get('name') === secret)) return undefined
  if (list.anchor) return text`its imagePullSecrets are a YAML anchor that other fields share`
  return nextEntry(source, list, name)
}

function nextEntry(source: string, list: YAMLSeq, name: string): Edit {
  const [start = 0] = list.range ?? []
  const [, end = start + 1] = rangeOf(list.items.at(-1))
  if (list.flow) return insert(end, `${list.items.length > 0 ? ', ' : ''}{ name: ${name} }`)
  // The range of a block's last item ends after its line.
  return insertLine(source, source.slice(0, end).trimEnd().length, `${indentation(source, start)}- name: ${name}`)
}

/** Inserts directly below `spec:`, so that comments stay above their keys. */
function firstEntry(source: string, parent: YAMLMap, podSpec: YAMLMap, name: string): Edit | Text {
  const [start = 0] = podSpec.range ?? []
  if (podSpec.flow) return insert(start + 1, ` imagePullSecrets: [{ name: ${name} }],`)
  const [, keyEnd = 0] = rangeOf(parent.items.find(({ key }) => isScalar(key) && key.value === 'spec')?.key)
  const indent = indentation(source, start)
  const containers = podSpec.get('containers')
  const dash = isSeq(containers) && !containers.flow ? indentation(source, rangeOf(containers)[0] ?? 0) : `${indent}  `
  if (indent.trim() !== '' || dash.trim() !== '') return text`its pod is written in an unsupported style`
  return insertLine(source, keyEnd, `${indent}imagePullSecrets:`, `${dash}- name: ${name}`)
}

function rangeOf(node: unknown): readonly number[] {
  const isWritten = isMap(node) || isSeq(node) || isScalar(node)
  return (isWritten && node.range) || []
}

/** Returns the text before an offset on its line. */
function indentation(source: string, offset: number): string {
  return source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset)
}

function insert(at: number, text: string): Edit {
  return { start: at, end: at, text }
}

/** Inserts lines below the line of an offset, with the source's own line endings. */
function insertLine(source: string, offset: number, ...lines: readonly string[]): Edit {
  const end = source.indexOf('\n', offset)
  if (end < 0) return insert(source.length, ['', ...lines].join('\n'))
  const lineEnd = source[end - 1] === '\r' ? '\r\n' : '\n'
  return insert(end + 1, lines.map((line) => line + lineEnd).join(''))
}
