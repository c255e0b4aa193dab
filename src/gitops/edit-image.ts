import { isMap, isScalar, isSeq, Scalar, stringify, type YAMLMap } from 'yaml'
import { type Text, text } from '../text.ts'
import type { Edit } from './edit.ts'

/** Replaces the image of a container where it is written, in the same quotes. undefined: it is there already. */
export function editImage(podSpec: YAMLMap, container: string, from: string, to: string): Edit | Text | undefined {
  const image = containers(podSpec)
    .find((it) => it.get('name') === container)
    ?.get('image', true)
  if (!isScalar(image) || !image.range) return text`it writes no image for the container ${container}`
  if (image.value === to) return undefined
  if (image.value !== from) return text`it has ${String(image.value)} there, and the cluster has ${from}`
  if (image.anchor) return text`its image is an anchor, which other places share`
  if (!/^\w(?:[\w./:@-]{0,1022}\w)?$/.test(to)) return text`${to} is no image that could be written`
  const [start, end] = image.range
  if (image.type === Scalar.QUOTE_SINGLE) return { start, end, text: `'${to}'` }
  if (image.type === Scalar.QUOTE_DOUBLE) return { start, end, text: `"${to}"` }
  // What would be read as a number gets its quotes from the library.
  return image.type === Scalar.PLAIN ? { start, end, text: stringify(to).trim() } : text`its image is a block of text`
}

function containers(podSpec: YAMLMap): readonly YAMLMap[] {
  const lists = ['initContainers', 'containers'].map((key) => podSpec.get(key))
  return lists.flatMap((list) => (isSeq(list) ? list.items.filter((it) => isMap(it)) : []))
}
