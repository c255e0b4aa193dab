import { parseReference, type Reference } from '../../registry/parse-reference.ts'

/** undefined: it is not valid. */
export function referenceOf(image: string): Reference | undefined {
  const parsed = parseReference(image)
  return parsed.valid ? parsed.reference : undefined
}
